"""The topology as resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from fks_infra.components.api_server import ApiServer
from fks_infra.components.auth_server import AuthServer
from fks_infra.components.secrets import Secrets
from fks_infra.components.servers import ServerArgs, ServerComponent
from fks_infra.components.single_server import SingleServer
from fks_infra.components.verify import Verify, VerifyArgs
from fks_infra.components.web_server import WebServer
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import run_preflight
from fks_infra.release import bundle
from fks_infra.release.contents import host_files, release_files
from fks_infra.topology.cost import monthly_cost
from fks_infra.topology.planning import Topology, has_flow

COMPONENTS: Mapping[str, type[ServerComponent]] = {
    "auth": AuthServer,
    "api": ApiServer,
    "web": WebServer,
    "single": SingleServer,
}


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the exports are made of."""

    servers: tuple[ServerComponent, ...]
    cost: Mapping[str, Any]
    secrets: Secrets


def declare(topology: Topology, settings: Settings, credentials: Credentials) -> Declared:
    """Declare every resource of the stack."""
    for notice in topology.notices:
        pulumi.log.warn(notice)
    preflight = run_preflight(topology, settings)
    secrets = Secrets("secrets", protect=settings.protect)
    scripts = bundle.write(host_files())
    servers: list[ServerComponent] = []
    for server in topology.servers:
        args = ServerArgs(
            server=server,
            settings=settings,
            credentials=credentials,
            scripts=scripts,
            release=bundle.write(release_files(topology, settings, server)),
            secrets=secrets.by_role,
            other_owner=other_owner(server.name),
            preflight=preflight,
            # A role calls only roles that come before it.
            peers=[one for one in servers if has_flow(server, one.server)],
        )
        servers.append(COMPONENTS[server.name](server.name, args))
    if settings.deploy_via == "tailnet":
        Verify("verify", VerifyArgs(topology=topology, servers=servers))
    else:
        pulumi.log.warn("fks:deployVia is public: nothing is verified from outside the tailnet.")
    cost = monthly_cost(topology, preflight.prices)
    return Declared(servers=tuple(servers), cost=cost, secrets=secrets)


def other_owner(server: str) -> dict[str, str]:
    """For each role, the type of the component that has its records in the other mode."""
    if server == "single":
        return {role: component.TYPE for role, component in COMPONENTS.items() if role != "single"}
    return {server: SingleServer.TYPE}
