"""From settings to servers. The mode is decided here and nowhere else."""

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import MODES, PLANS, SINGLE, Plans, mode_of
from fks_infra.config.settings import Settings
from fks_infra.errors import raise_operator_errors
from fks_infra.roles import ROLE_NAMES, ROLES, data_sets, roles_named
from fks_infra.topology.builds import builds_of
from fks_infra.topology.caa import caa_warnings
from fks_infra.topology.gpu import gpu_errors, gpu_notices, nvidia_key
from fks_infra.topology.keep import keep_notices
from fks_infra.topology.memory import memory_errors, memory_notices, zram_size
from fks_infra.topology.names import HostName, host_names, server_label
from fks_infra.topology.object_storage import bucket_notices
from fks_infra.topology.pins import pin_notices
from fks_infra.topology.servers import ServerSpec, Topology
from fks_infra.topology.services import left_out_notices, services_of


def servers_of(mode: str) -> dict[str, tuple[str, ...]]:
    """Each server's name and roles."""
    if mode == SINGLE:
        return {SINGLE: ROLE_NAMES}
    return {role: (role,) for role in ROLE_NAMES}


def declared_servers(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The same for the mode's servers, and those of the other mode that `fks:keep` names."""
    others = {name: roles for mode in MODES for name, roles in servers_of(mode).items()}
    kept = {name: roles for name, roles in others.items() if name in settings.keep}
    return servers_of(settings.mode) | kept


def plan_topology(settings: Settings, plans: Plans = PLANS) -> Topology:
    """All servers; OperatorError where the services of one do not fit its plan.

    `plans` has at least the plan of each server.
    """
    names = host_names(settings.domain, settings.extra_names)
    servers = tuple(
        _server(settings, name, roles, names, plans[settings.plan[name]])
        for name, roles in declared_servers(settings).items()
    )
    without_gpu = gpu_errors(servers, plans) if settings.gpu else ()
    raise_operator_errors([*without_gpu, *memory_errors(servers, plans)])
    return Topology(
        mode=settings.mode,
        servers=servers,
        domains={name.role: name.fqdn for name in names if name.key == name.role},
        notices=(
            *keep_notices(settings),
            *bucket_notices(settings),
            *pin_notices(settings.pin, [server.name for server in servers]),
            *memory_notices(servers, plans),
            *(() if settings.gpu else gpu_notices(servers)),
            *left_out_notices(ROLES, settings),
            *caa_warnings(settings.caa_issuer, settings.acme_server),
        ),
    )


def _server(
    settings: Settings,
    name: str,
    role_names: tuple[str, ...],
    hosts: tuple[HostName, ...],
    plan: Plan,
) -> ServerSpec:
    roles = roles_named(role_names)
    return ServerSpec(
        name=name,
        mode=mode_of(name),
        serves=mode_of(name) == settings.serve,
        roles=role_names,
        plan=plan,
        label=server_label(settings.stack, name),
        names=tuple(host for host in hosts if host.role in role_names),
        services=services_of(roles, settings, plan),
        builds=builds_of(roles, settings.services),
        zram=zram_size(role_names, plan),
        nvidia_key=nvidia_key(settings, role_names),
        protect=settings.protect and bool(data_sets(role_names)),
        generation=settings.generation.get(name, 0),
    )
