"""The three stand-ins put together: one memory, one journal, an application for each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from rehearsal.clouds import acme, state
from rehearsal.clouds.clock import Clock
from rehearsal.clouds.cloudflare import routes as cloudflare_routes
from rehearsal.clouds.cloudflare.models import Cloudflare
from rehearsal.clouds.control import Hands, control_routes
from rehearsal.clouds.faults import Faults
from rehearsal.clouds.http import Cloud
from rehearsal.clouds.hypervisor import Hypervisor, NoServers
from rehearsal.clouds.journal import Journal
from rehearsal.clouds.linode import firewall_routes
from rehearsal.clouds.linode import routes as linode_routes
from rehearsal.clouds.linode.addresses import PREFIX
from rehearsal.clouds.linode.models import Linode
from rehearsal.clouds.propagation import Propagation
from rehearsal.clouds.tailscale import catalog as tailscale_catalog
from rehearsal.clouds.tailscale import routes as tailscale_routes
from rehearsal.clouds.tailscale.headscale import Access, HeadscaleControl
from rehearsal.clouds.tailscale.memory_control import MemoryControl
from rehearsal.clouds.tailscale.models import Tailscale

NAMES = ("linode", "cloudflare", "tailscale")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the clouds are set up; the defaults forget everything at the end."""

    zones: tuple[str, ...] = ("fkstrading.xyz",)
    tag_owners: tuple[str, ...] = tailscale_catalog.DEFAULT_TAG_OWNERS
    state: Path | None = None
    journal: Path | None = None
    public_prefix: str = PREFIX
    headscale: Access | None = None
    acme: tuple[str, str] | None = None
    """Address of a certificate authority to stand before, and the CA of its own certificate."""
    hypervisor: Hypervisor = field(default_factory=NoServers)


class Clouds:
    """All that the stand-ins know, and their applications by name."""

    def __init__(self, options: Options | None = None) -> None:
        options = options or Options()
        self.clock = Clock()
        self.journal = Journal(options.journal)
        self.faults = Faults()
        self.linode = Linode(self.clock, options.hypervisor, options.public_prefix)
        self.cloudflare = Cloudflare(self.clock, options.zones)
        self.propagation = Propagation(self.clock, self.cloudflare.all_records)
        control = (
            HeadscaleControl(options.headscale) if options.headscale else MemoryControl(self.clock)
        )
        self.tailscale = Tailscale(self.clock, control, options.tag_owners)
        self._path = options.state
        saved = state.read(self._path)
        if saved:
            for name in NAMES:
                getattr(self, name).load(saved[name])
        self.linode.changed = self.save
        self.apps: dict[str, FastAPI] = {
            "linode": self._linode(),
            "cloudflare": self._cloudflare(),
            "tailscale": self._tailscale(),
        }
        if options.acme:
            self.apps["acme"] = self._acme(*options.acme)

    def dump(self) -> dict[str, Any]:
        """The memory of all three as plain data."""
        return {name: getattr(self, name).dump() for name in NAMES}

    def save(self) -> None:
        """Write it down."""
        state.write(self._path, self.dump())

    def reset(self) -> None:
        """Three clouds in which nothing was ever made. Servers that exist are removed."""
        for number in list(self.linode.instances):
            self.linode.hypervisor.delete(number)
        for name in NAMES:
            getattr(self, name).reset()
        self.propagation.slow_down(0)
        self.save()

    def advance(self, seconds: float) -> datetime:
        """Move the clouds' clock ahead; ValueError when that is no way ahead."""
        self.clock.advance(seconds)
        self.tailscale.clock_moved()
        return self.clock.now()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on the ends of slow jobs are handled on this loop."""

        def post(work: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(work)

        self.linode.post = post

    def _cloud(self, name: str, routes: Any) -> Cloud:
        cloud = Cloud(name, self.journal, self.faults, routes.authorise, routes.error_body)
        cloud.saved = self.save
        hands = Hands(
            state=getattr(self, name).state,
            reset=self.reset,
            advance=self.advance,
            slow_dns=self.propagation.slow_down,
        )
        cloud.app.include_router(control_routes(self.journal, self.faults, hands))
        return cloud

    def _acme(self, url: str, ca: str) -> FastAPI:
        cloud = Cloud("acme", self.journal, self.faults, acme.authorise, acme.error_body)
        cloud.mount(acme.routes(url, ca))
        return cloud.app

    def _linode(self) -> FastAPI:
        cloud = self._cloud("linode", linode_routes)
        cloud.app.middleware("http")(linode_routes.say_scopes)
        cloud.mount(
            linode_routes.catalogue_routes(),
            linode_routes.event_routes(self.linode),
            linode_routes.instance_routes(self.linode),
            linode_routes.action_routes(self.linode),
            linode_routes.part_routes(self.linode),
            firewall_routes.firewall_routes(self.linode),
            firewall_routes.device_routes(self.linode),
        )
        return cloud.app

    def _cloudflare(self) -> FastAPI:
        cloud = self._cloud("cloudflare", cloudflare_routes)
        cloud.mount(
            cloudflare_routes.zone_routes(self.cloudflare),
            cloudflare_routes.record_routes(self.cloudflare),
        )
        return cloud.app

    def _tailscale(self) -> FastAPI:
        cloud = self._cloud("tailscale", tailscale_routes)
        control, more = self.tailscale.control, []
        if isinstance(control, MemoryControl):
            more = [tailscale_routes.register_routes(self.tailscale, control)]
        cloud.mount(
            *more,
            tailscale_routes.oauth_routes(),
            tailscale_routes.key_routes(self.tailscale),
            tailscale_routes.device_routes(self.tailscale),
            tailscale_routes.policy_routes(self.tailscale),
        )
        return cloud.app
