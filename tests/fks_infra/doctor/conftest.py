"""The stand-in clouds behind three real ports, and a stack that is deployed in them."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from fks_infra.config.schema import declared_keys
from fks_infra.doctor.check_context import Check, CheckContext
from fks_infra.doctor.findings import CheckResult, Verdict
from fks_infra.doctor.stack_info import stack_info
from fks_infra.doctor.time_limits import TimeLimits
from fks_infra.remote.inventory import DeployedServer, Inventory
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology import caa
from rehearsal.clouds import server
from rehearsal.clouds.app import NAMES, Clouds
from rehearsal.clouds.tailscale.memory_control import MemoryControl
from rehearsal.local import endpoints
from tests.rehearsal.clouds.client import instance

MakeContext = Callable[..., CheckContext]

ZONE = "fkstrading.xyz"
TOKENS = {
    "LINODE_TOKEN": "rehearsal-canary-linode",
    "CLOUDFLARE_API_TOKEN": "rehearsal-canary-cloudflare",
    "TAILSCALE_OAUTH_CLIENT_ID": "rehearsal-canary-id",
    "TAILSCALE_OAUTH_CLIENT_SECRET": "rehearsal-canary-secret",
}
SHORT = TimeLimits(call=5.0, check=20.0)


@contextmanager
def answering(app: FastAPI) -> Iterator[int]:
    """Serve an application on a free port of loopback, in a thread of its own."""
    opened = server.listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[opened])))
    thread.start()
    yield opened.getsockname()[1]
    running.should_exit = True
    thread.join()


@dataclass
class StandIns:
    """The stand-in clouds, and the environment with their addresses."""

    clouds: Clouds
    environ: dict[str, str] = field(default_factory=dict)

    def fail(self, cloud: str, path: str, status: int, **more: Any) -> None:
        """From now on respond with this where the path matches."""
        fault = {"cloud": cloud, "path": path, "status": status, "count": 1000, **more}
        self.clouds.faults.add(fault)

    def record(self, name: str, content: str, kind: str = "A", comment: str = "fks prod") -> str:
        """Create a DNS record; returns its id."""
        zone = next(iter(self.clouds.cloudflare.zones))
        fields = {"name": name, "type": kind, "content": content, "comment": comment, "ttl": 1}
        return str(self.clouds.cloudflare.create(zone, fields)["id"])

    def device(self, hostname: str, *tags: str) -> DeployedServer:
        """Let a device join; `name` is its host name, `instance_id` the device's id."""
        tailnet = self.clouds.tailscale
        request = {
            "capabilities": {"devices": {"create": {"tags": [*tags], "preauthorized": True}}}
        }
        key = tailnet.keys.create(request, tags_needed=False)["key"]
        assert isinstance(tailnet.control, MemoryControl)
        made = tailnet.control.register(tailnet.keys, {"key": key, "hostname": hostname})
        return DeployedServer(
            name=hostname, roles=(), instance_id=made.id, address=made.addresses[0]
        )

    def change(self, device: DeployedServer, **fields: Any) -> None:
        """Set fields of a device; `device` is what `device` returned, or a deployed server."""
        found = self.clouds.tailscale.control.devices()
        (changed,) = [row for row in found if row.addresses[0] == device.address]
        for name, value in fields.items():
            setattr(changed, name, value)

    def linode(self, label: str, *tags: str) -> str:
        """Create an instance; returns its id."""
        made = self.clouds.linode.create(instance(label=label, tags=list(tags)))
        return str(made["id"])

    def deploy(self) -> Inventory:
        """Three servers, each with an instance, a device and its names; and the CAA record."""
        self.record(ZONE, caa.content("letsencrypt.org"), "CAA")
        servers = []
        for role in ROLE_NAMES:
            number = self.linode(f"fks-prod-{role}", "fks", "fks-prod")
            device = self.device(f"fks-{role}-{number}", f"tag:fks-{role}")
            server = DeployedServer(
                name=role, roles=(role,), instance_id=number, address=device.address
            )
            servers.append(server)
            for name in {"web": (ZONE, f"www.{ZONE}")}.get(role, (f"{role}.{ZONE}",)):
                self.record(name, server.address)
        return Inventory(servers=tuple(servers))


@pytest.fixture(scope="session")
def ports() -> Iterator[tuple[Clouds, dict[str, int]]]:
    """One set of clouds for all tests."""
    clouds = Clouds()
    with (
        answering(clouds.apps["linode"]) as linode,
        answering(clouds.apps["cloudflare"]) as cloudflare,
        answering(clouds.apps["tailscale"]) as tailscale,
    ):
        yield clouds, dict(zip(NAMES, (linode, cloudflare, tailscale), strict=True))


@pytest.fixture
def stand_ins(ports: tuple[Clouds, dict[str, int]]) -> StandIns:
    """Clouds without any resource."""
    clouds, numbers = ports
    clouds.reset()
    for device in clouds.tailscale.control.devices():
        clouds.tailscale.control.remove(device)
    clouds.faults.clear()
    clouds.journal.clear()
    return StandIns(clouds=clouds, environ={**TOKENS, **endpoints(numbers)})


@pytest.fixture
def context(stand_ins: StandIns) -> MakeContext:
    """A context in these clouds: `fks:` values by keyword, and the deployed servers."""

    def build(
        inventory: Inventory | None = None,
        *,
        environ: dict[str, str] | None = None,
        limits: TimeLimits = SHORT,
        **changes: Any,
    ) -> CheckContext:
        keys = {name: key.default for name, key in declared_keys().items()}
        stack = stack_info("prod", {**keys, "domain": ZONE, **changes}, inventory or Inventory())
        return CheckContext.of(stack, {**stand_ins.environ, **(environ or {})}, limits)

    return build


def results(check: Check, context: CheckContext) -> list[CheckResult]:
    """All results of a check."""
    return list(check(context))


def result(check: Check, context: CheckContext) -> CheckResult:
    """The only result of a check."""
    (found,) = check(context)
    return found


def problems(check: Check, context: CheckContext) -> list[CheckResult]:
    """The results that are problems."""
    return [item for item in check(context) if item.verdict is Verdict.PROBLEM]
