"""Which servers there are and what each carries; single or multi is decided only here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fks_infra.config.settings import Settings
from fks_infra.errors import refuse
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
class Talk:
    """One role calls another by its domain name."""

    source: str
    target: str


TALKS: tuple[Talk, ...] = (
    Talk(source="api", target="auth"),
    Talk(source="web", target="api"),
    Talk(source="web", target="auth"),
)


@dataclass(frozen=True, kw_only=True)
class Server:
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
    servers: tuple[Server, ...]
    domains: Mapping[str, str]
    talks: tuple[Talk, ...]
    notices: tuple[str, ...]


def plan_topology(settings: Settings) -> Topology:
    """Decide everything, or raise an OperatorError when a server's services do not fit its plan."""
    layout = {"single": ROLES} if settings.mode == "single" else {role: (role,) for role in ROLES}
    servers = tuple(_server(settings, name, roles) for name, roles in layout.items())
    refuse(_too_large(servers))
    names = host_names(settings.domain, settings.extra_names)
    return Topology(
        mode=settings.mode,
        servers=servers,
        domains={name.role: name.fqdn for name in names if name.key == name.role},
        talks=TALKS,
        notices=(*_notices(servers), *caa.doubts(settings.caa_issuer, settings.acme_server)),
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


def _server(settings: Settings, name: str, roles: tuple[str, ...]) -> Server:
    plan = PLANS[settings.plan[name]]
    hosts = host_names(settings.domain, settings.extra_names)
    return Server(
        name=name,
        roles=roles,
        plan=plan,
        label=f"fks-{settings.stack}-{name}",
        host_prefix=f"fks-{name}",
        names=tuple(host for host in hosts if host.role in roles),
        services=services_of(roles, settings.services, minimal=settings.minimal),
        zram=plan.memory if _counts_zram(roles, plan) else 0,
        protect=settings.protect and bool(STATEFUL & set(roles)),
        generation=settings.generation.get(name, 0),
    )


def _counts_zram(roles: tuple[str, ...], plan: Plan) -> bool:
    return roles == (ZRAM_ROLE,) and plan.memory < ZRAM_BELOW


def talks_to(source: Server, target: Server) -> bool:
    """Whether one server calls another by its name."""
    return any(talk.source in source.roles and talk.target in target.roles for talk in TALKS)


def available_memory(server: Server) -> int:
    """MiB its containers may share."""
    return server.plan.memory + server.zram - HEADROOM


def _too_large(servers: tuple[Server, ...]) -> Iterator[str]:
    for server in servers:
        if server.memory_limit > available_memory(server):
            fitting = smallest_standard(server.memory_limit + HEADROOM)
            remedy = (
                f"fks:plan.{server.name}: {fitting.id}"
                if fitting
                else "smaller fks:services limits"
            )
            smaller = sum(min(service.memory, service.minimal) for service in server.services)
            less = ", or set fks:minimal: true" if smaller <= available_memory(server) else ""
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r}: its services may use "
                f"{server.memory_limit} MiB, and of its {server.plan.memory} MiB "
                f"{available_memory(server)} are free for them. Write {remedy}{less}."
            )


def _notices(servers: tuple[Server, ...]) -> Iterator[str]:
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
