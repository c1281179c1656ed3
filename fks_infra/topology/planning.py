"""Which servers there are and what each carries; single or multi is decided only here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fks_infra.config.settings import Settings
from fks_infra.errors import raise_operator_errors
from fks_infra.roles.services import ROLES, Service, services_of
from fks_infra.topology import caa
from fks_infra.topology.plans import PLANS, Plan, smallest_standard

# Debian, dockerd, tailscaled and sshd take about 300 MiB; the rest is page cache to live on.
HEADROOM = 384

# Roles whose data dies with their server.
STATEFUL = frozenset({"auth", "api"})

# Authentik documents 2 GiB as its minimum. On a smaller plan its idle parts are expected to be
# compressed in memory (zram of the plan's own size), which is why that counts for this role only.
ZRAM_ROLE = "auth"
ZRAM_BELOW = 2048

EDGE_PORT = 443


@dataclass(frozen=True, kw_only=True)
class HostName:
    """A name in the DNS. `key` names the record in Pulumi and is the same in both modes."""

    key: str
    role: str
    fqdn: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One role calls another by its domain name."""

    source: str
    target: str


FLOWS: tuple[Flow, ...] = (
    Flow(source="api", target="auth"),
    Flow(source="web", target="api"),
    Flow(source="web", target="auth"),
)


@dataclass(frozen=True, kw_only=True)
class ServerSpec:
    """One machine. Memory in MiB; `zram` is the compressed swap it is to have."""

    name: str
    roles: tuple[str, ...]
    plan: Plan
    label: str
    host_prefix: str
    names: tuple[HostName, ...]
    services: tuple[Service, ...]
    zram: int
    protect: bool
    generation: int

    @property
    def memory_limit(self) -> int:
        """What all its containers may use together."""
        return sum(service.memory for service in self.services)


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All servers, the domain of each role, and what the operator should know before paying."""

    mode: str
    servers: tuple[ServerSpec, ...]
    domains: Mapping[str, str]
    flows: tuple[Flow, ...]
    notices: tuple[str, ...]


def plan_topology(settings: Settings) -> Topology:
    """Decide everything, or raise an OperatorError when a server's services do not fit its plan."""
    layout = {"single": ROLES} if settings.mode == "single" else {role: (role,) for role in ROLES}
    servers = tuple(_server(settings, name, roles) for name, roles in layout.items())
    raise_operator_errors(_too_large(servers))
    names = host_names(settings.domain, settings.extra_names)
    return Topology(
        mode=settings.mode,
        servers=servers,
        domains={name.role: name.fqdn for name in names if name.key == name.role},
        flows=FLOWS,
        notices=(*_notices(servers), *caa.caa_warnings(settings.caa_issuer, settings.acme_server)),
    )


def host_names(domain: str, extra_names: Sequence[str]) -> tuple[HostName, ...]:
    """Every name of a stack on this domain; the extra ones lead to the web server."""
    return (
        HostName(key="auth", role="auth", fqdn=f"auth.{domain}"),
        HostName(key="api", role="api", fqdn=f"api.{domain}"),
        HostName(key="web", role="web", fqdn=domain),
        *(
            HostName(key=f"extra-{label}", role="web", fqdn=f"{label}.{domain}")
            for label in extra_names
        ),
    )


def _server(settings: Settings, name: str, roles: tuple[str, ...]) -> ServerSpec:
    plan = PLANS[settings.plan[name]]
    hosts = host_names(settings.domain, settings.extra_names)
    return ServerSpec(
        name=name,
        roles=roles,
        plan=plan,
        label=f"fks-{settings.stack}-{name}",
        host_prefix=f"fks-{name}",
        names=tuple(host for host in hosts if host.role in roles),
        services=services_of(roles, settings.services, low_memory=settings.low_memory),
        zram=plan.memory if _counts_zram(roles, plan) else 0,
        protect=settings.protect and bool(STATEFUL & set(roles)),
        generation=settings.generation.get(name, 0),
    )


def _counts_zram(roles: tuple[str, ...], plan: Plan) -> bool:
    return roles == (ZRAM_ROLE,) and plan.memory < ZRAM_BELOW


def has_flow(source: ServerSpec, target: ServerSpec) -> bool:
    """Whether one server calls another by its name."""
    return any(flow.source in source.roles and flow.target in target.roles for flow in FLOWS)


def available_memory(server: ServerSpec) -> int:
    """MiB its containers may share."""
    return server.plan.memory + server.zram - HEADROOM


def _too_large(servers: tuple[ServerSpec, ...]) -> Iterator[str]:
    for server in servers:
        if server.memory_limit > available_memory(server):
            fitting = smallest_standard(server.memory_limit + HEADROOM)
            remedy = (
                f"fks:plan.{server.name}: {fitting.id}"
                if fitting
                else "smaller fks:services limits"
            )
            smaller = sum(min(service.memory, service.low_memory) for service in server.services)
            less = ", or set fks:lowMemory: true" if smaller <= available_memory(server) else ""
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r}: its services may use "
                f"{server.memory_limit} MiB, and of its {server.plan.memory} MiB "
                f"{available_memory(server)} are free for them. Write {remedy}{less}."
            )


def _notices(servers: tuple[ServerSpec, ...]) -> Iterator[str]:
    for server in servers:
        if server.zram:
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r}, of {server.plan.memory} MiB, and "
                f"Authentik asks for {ZRAM_BELOW}: it gets one worker and {server.zram} MiB of "
                f"compressed swap, and its administration pages are slow. Recommended: "
                f"fks:plan.{server.name}: {_next_after(server.plan)}."
            )


def _next_after(plan: Plan) -> str:
    larger = smallest_standard(plan.memory + 1)
    return larger.id if larger else plan.id
