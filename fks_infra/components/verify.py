"""The last word: the whole answers, across servers, or the run fails."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_command import local

from fks_infra.components.servers import ServerComponent
from fks_infra.release import commands
from fks_infra.release.contents import probes
from fks_infra.topology.planning import Topology


@dataclass(frozen=True, kw_only=True)
class VerifyArgs:
    """All servers of the topology."""

    topology: Topology
    servers: Sequence[ServerComponent]


class Verify(pulumi.ComponentResource):
    """A step on this side after all else; it runs again when a release or an address changes."""

    def __init__(
        self, name: str, args: VerifyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Verify", name, None, opts)
        addresses = {server.server.name: server.address for server in args.servers}
        digests = {server.server.name: server.release.digest for server in args.servers}
        plan = pulumi.Output.all(**addresses).apply(
            lambda known: json.dumps(plan_of(args.topology, known, digests), sort_keys=True)
        )
        local.Command(
            f"{name}-step",
            create=commands.verify(),
            stdin=plan,
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            # The servers with everything in them, their records too.
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.servers)),
        )
        self.register_outputs({})


def plan_of(
    topology: Topology, addresses: Mapping[str, str], digests: Mapping[str, str]
) -> dict[str, object]:
    """What `steps/verify.py` checks: the address of every name, every probe, web to api."""
    hosts = [
        {"name": host.fqdn, "address": addresses[server.name]}
        for server in topology.servers
        for host in server.names
    ]
    checks = [
        {**probe, "address": addresses[server.name]}
        for server in topology.servers
        for role in server.roles
        for probe in probes(role, topology.domains[role])
    ]
    across = {
        "name": "web to api",
        "host": topology.domains["web"],
        "path": "/api/health",
        "expect": {"status": 200, "json": {"status": ["healthy", "ok"]}},
        "address": next(
            host["address"] for host in hosts if host["name"] == topology.domains["web"]
        ),
    }
    return {
        "releases": dict(digests),
        "hosts": hosts,
        "checks": [*checks, across],
    }
