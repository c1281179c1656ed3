"""Requests that show that a role serves, and that servers reach one another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.roles import ROLES
from fks_infra.roles.role import Role
from fks_infra.topology.servers import Topology


def probes(role: Role, domain: str) -> list[dict[str, Any]]:
    """nginx itself, then the application through it: {name, host, path, expect}."""
    return [
        {
            "name": f"{role.name}-edge",
            "host": domain,
            "path": "/health",
            "expect": _healthy(status=["healthy"], role=[role.name]),
        },
        {
            "name": role.name,
            "host": domain,
            "path": "/health/deep",
            "expect": _healthy(status=list(role.health)) if role.health else {"status": 200},
        },
    ]


def peer_probes(roles: Sequence[Role], topology: Topology) -> list[dict[str, Any]]:
    """The applications on other servers that these roles call."""
    own = {role.name for role in roles}
    called = {name for role in roles for name in role.calls} - own
    return [probes(role, topology.domains[role.name])[-1] for role in ROLES if role.name in called]


def api_probes(role: Role, domain: str) -> list[dict[str, Any]]:
    """What only the server can request: {name, host, path, bearer, wait_seconds, expect};
    `bearer` is the path of the token below the directory of secrets."""
    return [
        {
            "name": probe.name,
            "host": domain,
            "path": probe.path,
            "bearer": f"{role.name}/{probe.secret_file}",
            "wait_seconds": probe.wait_seconds,
            "expect": {
                "status": 200,
                "any_item": {key: list(allowed) for key, allowed in probe.any_item},
            },
        }
        for probe in role.api_probes
    ]


def verify_plan(
    topology: Topology,
    addresses: Mapping[str, str],
    digests: Mapping[str, str],
    stopped: Mapping[str, str],
) -> dict[str, Any]:
    """What `steps/verify.py` checks of the servers that the records point to: the address of every
    name, every probe, every proxied role.

    `addresses`, `digests` and `stopped` are by server: the tailnet address, the release, and what
    its deploy printed about stopped stacks. Checks that need a stack there have it as `stopped`.
    """
    server_of = {role: server.name for server in topology.serving for role in server.roles}
    hosts = [
        {"name": host.fqdn, "address": addresses[server.name]}
        for server in topology.serving
        for host in server.names
    ]
    checks = [
        {
            **probe,
            "address": addresses[server_of[role.name]],
            **_stopped(needed, server_of, stopped),
        }
        for role in ROLES
        for needed, probe in _verified(role, topology)
    ]
    return {"releases": dict(digests), "hosts": hosts, "checks": checks}


def _verified(role: Role, topology: Topology) -> Iterator[tuple[set[str], dict[str, Any]]]:
    """A role's probes, and those of the roles that its edge passes requests on to; each with the
    roles that must run."""
    domain = topology.domains[role.name]
    for probe in probes(role, domain):
        yield {role.name}, probe
    targets = {target.name: target for target in ROLES}
    for proxy in role.proxies:
        yield (
            {role.name, proxy.target},
            {
                "name": f"{role.name} to {proxy.target}",
                "host": domain,
                "path": proxy.health_path,
                "expect": _healthy(status=list(targets[proxy.target].health)),
            },
        )


def _stopped(
    needed: set[str], server_of: Mapping[str, str], stopped: Mapping[str, str]
) -> dict[str, str]:
    texts = {stopped.get(server_of[role], "") for role in needed} - {""}
    return {"stopped": "; ".join(sorted(texts))} if texts else {}


def _healthy(**body: list[str]) -> dict[str, Any]:
    return {"status": 200, "json": body}
