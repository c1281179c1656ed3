"""Where a name of the command line is: a server, or a service's container on a server."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fks_infra.errors import OperatorError
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.remote.inventory import DeployedServer

_SERVER = "server:"
_REPLICA = re.compile(r"(?P<name>.+)\.(?P<number>[1-9]\d*)")


@dataclass(frozen=True, kw_only=True)
class Place:
    """`service` is the container's service; empty for the server itself."""

    server: DeployedServer
    service: str = ""


def service_name(text: str) -> str:
    """The service of a replica: `api.1` is the service api, `api.2` is api-2."""
    found = _REPLICA.fullmatch(text)
    if not found:
        return text
    return found["name"] if found["number"] == "1" else f"{found['name']}-{found['number']}"


def services_of(server: DeployedServer) -> list[str]:
    """The services that a server's roles may have, and the edge; on the server those it has."""
    if server.services:
        return list(server.services)
    # Servers do not have them.
    from fks_infra.roles import ROLES
    from fks_infra.roles.edge import EDGE

    roles = [role for role in ROLES if role.name in server.roles]
    return [service.name for stack in (*roles, EDGE) for service in stack.services]


def find(stack: DeployedStack, text: str) -> Place:
    """The place that a text names; OperatorError if there is none, or more than one.

    SERVICE, SERVICE.2 for a replica, SERVER/SERVICE, SERVER, or server:SERVER where a service has
    the same name.
    """
    servers = {server.name: server for server in stack.servers}
    if (name := text.removeprefix(_SERVER)) in servers and text != name:
        return Place(server=servers[name])
    places = list(_with_service(stack.servers, text))
    if len(places) > 1:
        names = ", ".join(f"{place.server.name}/{place.service}" for place in places)
        raise OperatorError(f"{text} runs on {len(places)} servers: write one of {names}")
    if places:
        return places[0]
    if text in servers:
        return Place(server=servers[text])
    raise OperatorError(_unknown(stack, text))


def _with_service(servers: Sequence[DeployedServer], text: str) -> Iterator[Place]:
    on, slash, rest = text.partition("/")
    service = service_name(rest if slash else text)
    for server in servers:
        if (not slash or server.name == on) and service in services_of(server):
            yield Place(server=server, service=service)


def _unknown(stack: DeployedStack, text: str) -> str:
    services = sorted({name for server in stack.servers for name in services_of(server)})
    return (
        f"{stack.title} has neither a server nor a service {text!r}; its servers are "
        f"{', '.join(server.name for server in stack.servers)}, its services "
        f"{', '.join(services)}. Nothing was changed.\nNext: write one of these names"
    )
