"""Mermaid flowcharts of the servers of each mode, and of the parts of one server.

https://mermaid.js.org/syntax/flowchart.html
"""

from collections.abc import Iterator

from fks_infra.documents.example import example_settings
from fks_infra.limits import EDGE_PORT, SSH_PORT
from fks_infra.roles import roles_named
from fks_infra.roles.edge import EDGE
from fks_infra.roles.role import Role
from fks_infra.topology.chain import CHAIN
from fks_infra.topology.flows import FLOWS
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec
from fks_infra.topology.services import ServiceSpec


def servers_diagram(mode: str) -> str:
    """The servers of a mode with their services, and who connects to whom on which port."""
    servers = plan_topology(example_settings(mode)).servers
    lines = ["flowchart LR", '  operator(["operator, in the tailnet"])']
    for server in servers:
        lines += _server(server)
    lines += [f"  operator -->|{SSH_PORT}, {EDGE_PORT}| {_edge(server)}" for server in servers]
    server_of = {role: server for server in servers for role in server.roles}
    calls = [(_role(flow.source), _edge(server_of[flow.target])) for flow in FLOWS]
    lines += [f"  {role} -->|{EDGE_PORT}| {edge}" for role, edge in dict.fromkeys(calls)]
    return _fenced(lines)


def chain_diagram() -> str:
    """The resources of one server, each after those that it depends on."""
    names = dict.fromkeys(name for pair in CHAIN for name in pair)
    lines = ["flowchart LR", *(f'  {_id(name)}["{name}"]' for name in names)]
    lines += [f"  {_id(before)} --> {_id(after)}" for before, after in CHAIN]
    return _fenced(lines)


def _server(server: ServerSpec) -> Iterator[str]:
    services = {service.name: service for service in server.services}
    names = "<br>".join(f"{name.fqdn}:{EDGE_PORT}" for name in server.names)
    (edge,) = (services[service.name] for service in EDGE.services)
    title = f"server {server.name}: {server.plan.id}, {server.plan.memory} MiB"
    yield f'  subgraph server_{_id(server.name)}["{title}"]'
    yield f'    {_edge(server)}["{edge.name}, {edge.memory} MiB<br>{names}"]'
    for role in roles_named(server.roles):
        yield f'    subgraph {_role(role.name)}["role {role.name}"]'
        drawn = [services[found.name] for found in role.services if found.name in services]
        yield from (f"      {_service(service)}" for service in drawn)
        if role.build:
            yield f'      {_id(role.build.name)}_build[/"{role.build.name}: static files"/]'
        yield "    end"
        yield f"    {_edge(server)} {_entry(role, services)}"
    yield "  end"


def _service(service: ServiceSpec) -> str:
    port = f"<br>127.0.0.1:{service.port}" if service.port else ""
    return f'{_id(service.name)}_service["{service.name}, {service.memory} MiB{port}"]'


def _entry(role: Role, services: dict[str, ServiceSpec]) -> str:
    """The arrow from the edge to what it serves of a role."""
    if role.build:
        return f"-->|reads| {_id(role.build.name)}_build"
    return f"-->|{services[role.entry].port}| {_id(role.entry)}_service"


def _edge(server: ServerSpec) -> str:
    return f"edge_{_id(server.name)}"


def _role(name: str) -> str:
    return f"role_{_id(name)}"


def _id(name: str) -> str:
    return name.replace("-", "_")


def _fenced(lines: list[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"]) + "\n"
