"""The last step: every name and every server answers, or the run fails."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import local

from fks_infra.components.servers import ServerComponent
from fks_infra.release import commands
from fks_infra.release.probes import verify_plan
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class VerifyArgs:
    """All servers of the topology."""

    topology: Topology
    servers: Sequence[ServerComponent]


class Verify(pulumi.ComponentResource):
    """A step on the operator's machine after all else; it runs again when its plan changes."""

    def __init__(
        self, name: str, args: VerifyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Verify", name, None, opts)
        addresses = {server.spec.name: server.address for server in args.servers}
        digests = {server.spec.name: server.digest for server in args.servers}
        stopped = {server.spec.name: server.stopped for server in args.servers}

        def plan(known: list[Any]) -> str:
            return json.dumps(
                verify_plan(args.topology, known[0], digests, known[1]), sort_keys=True
            )

        local.Command(
            f"{name}-step",
            create=commands.verify(),
            stdin=pulumi.Output.all(
                pulumi.Output.all(**addresses), pulumi.Output.all(**stopped)
            ).apply(plan),
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            # The components, so all of their resources, the records too.
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.servers)),
        )
        self.register_outputs({})
