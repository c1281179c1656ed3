"""All stand-ins together: one clock, one journal, one state file, an application for each cloud."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from rehearsal.clouds import acme, state, tokens, webhook
from rehearsal.clouds.clock import Clock
from rehearsal.clouds.cloudflare import routes as cloudflare_routes
from rehearsal.clouds.cloudflare.cloud import CloudflareCloud
from rehearsal.clouds.control import CloudControls, control_routes
from rehearsal.clouds.faults import Faults
from rehearsal.clouds.http import ApiFormat, CloudApp, Routes
from rehearsal.clouds.hypervisor import Hypervisor, NoServers
from rehearsal.clouds.journal import Journal
from rehearsal.clouds.linode import routes as linode_routes
from rehearsal.clouds.linode.addresses import PREFIX
from rehearsal.clouds.linode.cloud import LinodeCloud
from rehearsal.clouds.propagation import Propagation
from rehearsal.clouds.s3 import routes as s3_routes
from rehearsal.clouds.s3.objects import Objects
from rehearsal.clouds.tailscale import catalog as tailscale_catalog
from rehearsal.clouds.tailscale import routes as tailscale_routes
from rehearsal.clouds.tailscale.cloud import TailscaleCloud
from rehearsal.clouds.tailscale.headscale import HeadscaleAccess, HeadscaleControl
from rehearsal.clouds.tailscale.memory_control import MemoryControl

NAMES = ("linode", "cloudflare", "tailscale")


@dataclass(frozen=True, kw_only=True)
class CloudOptions:
    """The settings of the clouds. Without `state` nothing outlives the process.

    `acme` is the URL of a certificate authority to proxy, and the CA file of its certificate.
    `objects` is the directory for the objects of buckets.
    """

    zones: tuple[str, ...] = ("fkstrading.xyz",)
    tag_owners: tuple[str, ...] = tailscale_catalog.DEFAULT_TAG_OWNERS
    state: Path | None = None
    objects: Path | None = None
    journal: Path | None = None
    public_prefix: str = PREFIX
    headscale: HeadscaleAccess | None = None
    acme: tuple[str, str] | None = None
    hypervisor: Hypervisor = field(default_factory=NoServers)


class Clouds:
    """The state of all stand-ins, and their applications by name in `apps`."""

    def __init__(self, options: CloudOptions | None = None) -> None:
        options = options or CloudOptions()
        self.clock, self.faults = Clock(), Faults()
        self.journal = Journal(options.journal)
        self.linode = LinodeCloud(self.clock, options.hypervisor, options.public_prefix)
        self.cloudflare = CloudflareCloud(self.clock, options.zones)
        self.propagation = Propagation(self.clock, self.cloudflare.all_records)
        headscale = options.headscale
        self._memory_control = MemoryControl(self.clock)
        control = HeadscaleControl(headscale) if headscale else self._memory_control
        self.tailscale = TailscaleCloud(self.clock, control, options.tag_owners)
        self.webhook = webhook.Webhook()
        self._path = options.state
        saved = state.read(self._path)
        for name in NAMES if saved else ():
            getattr(self, name).load(saved[name])
        self.linode.changed = self.save
        self._temporary = tempfile.TemporaryDirectory(prefix="fks-objects-")
        objects = Objects(options.objects or Path(self._temporary.name))
        self.linode.storage.is_empty = lambda *bucket: not objects.keys(bucket)
        self.s3 = s3_routes.S3(self.linode.storage, objects)
        self.apps = self._apps(options.acme)

    def dump(self) -> dict[str, Any]:
        """The state of all clouds as plain data."""
        return {name: getattr(self, name).dump() for name in NAMES}

    def save(self) -> None:
        """Write the state file."""
        state.write(self._path, self.dump())

    def reset(self) -> None:
        """Remove everything that was created, servers too."""
        for number in list(self.linode.instances):
            self.linode.hypervisor.delete(number)
        for name in NAMES:
            getattr(self, name).reset()
        self.s3.objects.clear()
        self.webhook.reset()
        self.propagation.set_delay(0)
        self.save()

    def register_in_memory(self, key: str, hostname: str) -> None:
        """Admit a device to the tailnet in memory; CloudError for an invalid key."""
        body = {"key": key, "hostname": hostname}
        self._memory_control.register(self.tailscale.keys, body)

    def advance(self, seconds: float) -> None:
        """Move the clouds' clock forward; ValueError for negative seconds."""
        self.clock.advance(seconds)
        self.tailscale.keys.revoke_expired()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on handle the ends of jobs on this loop."""

        def post(work: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(work)

        self.linode.post = post

    def _apps(self, authority: tuple[str, str] | None) -> dict[str, FastAPI]:
        linode, cloudflare, tailscale = linode_routes, cloudflare_routes, tailscale_routes
        apps = {
            "linode": self._app("linode", linode.FORMAT, linode.routes(self.linode)),
            "cloudflare": self._app(
                "cloudflare",
                cloudflare.api_format(self.cloudflare),
                cloudflare.routes(self.cloudflare),
                cloudflare.of_the_token(self.cloudflare),
                tokens.control(lambda: self.cloudflare.tokens),
            ),
            "tailscale": self._app(
                "tailscale",
                tailscale.api_format(self.tailscale),
                tailscale.routes(self.tailscale),
                tailscale.credentials(self.tailscale),
                tokens.control(lambda: self.tailscale.tokens),
            ),
        }
        alerts = self.webhook.router()
        apps["webhook"] = self._app("webhook", webhook.FORMAT, {}, alerts)
        apps["s3"] = self._app("s3", s3_routes.FORMAT, {}, self.s3.router())
        apps["linode"].middleware("http")(linode.add_scopes)
        if authority:
            proxy = CloudApp("acme", self.journal, self.faults, acme.FORMAT)
            proxy.mount({}, acme.router(*authority))
            apps["acme"] = proxy.app
        return apps

    def _app(
        self, name: str, api_format: ApiFormat, routes: Routes, *routers: APIRouter
    ) -> FastAPI:
        cloud = CloudApp(name, self.journal, self.faults, api_format)
        cloud.save = self.save
        controls = CloudControls(
            state=getattr(self, name).state,
            advance=self.advance,
            delay_dns=self.propagation.set_delay,
        )
        cloud.mount(routes, control_routes(self.journal, self.faults, controls), *routers)
        return cloud.app
