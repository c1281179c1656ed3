"""Waits until a new server is in the tailnet; removes it from there when it is destroyed."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import local, remote

from fks_infra.components.machine import Machine
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import Preflight
from fks_infra.release import commands
from fks_infra.topology.servers import ServerSpec
from fks_infra.topology.tailnet_policy import server_tags

DEPLOY_USER = "deploy"


@dataclass(frozen=True, kw_only=True)
class JoinArgs:
    """The server to wait for, and the credentials to log in to it afterwards."""

    server: ServerSpec
    settings: Settings
    credentials: Credentials
    machine: Machine
    preflight: Preflight


class Join(pulumi.ComponentResource):
    """A step on the operator's machine that gives the server's tailnet address and SSH host key.

    Its inputs stay the same for the life of the instance, so its output is known in every preview.
    """

    address: pulumi.Output[str]
    host_key: pulumi.Output[str]
    connection: remote.ConnectionArgs

    def __init__(
        self, name: str, args: JoinArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Join", name, None, opts)
        server, settings, machine = args.server.name, args.settings, args.machine
        tags = server_tags(settings.tailnet_tag, args.server.roles)
        step = f"{name}-wait"
        public = settings.deploy_via == "public"
        waited = local.Command(
            step,
            create=pulumi.Output.all(machine.instance_id, machine.public_address).apply(
                lambda known: commands.join(
                    server, tags, known[0], settings.join_timeout, known[1] if public else None
                )
            ),
            delete=machine.instance_id.apply(lambda known: commands.leave(server, known)),
            triggers=[machine.instance_id],
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Its delete removes the server from the tailnet; a protected server stays in it.
                protect=args.server.protect and not _server_is_gone(step, args),
                # The server has joined, so a change of the time-out needs no run.
                ignore_changes=["create"],
            ),
        )
        result = waited.stdout.apply(_parse)
        self.address = result.apply(lambda found: str(found["address"]))
        self.host_key = result.apply(lambda found: str(found["host_key"]))
        self.connection = remote.ConnectionArgs(
            host=machine.public_address if public else self.address,
            user=DEPLOY_USER,
            private_key=args.credentials.deploy_key,
            host_key=self.host_key,
        )
        self.register_outputs({"address": self.address})


def _server_is_gone(step: str, args: JoinArgs) -> bool:
    """Whether the server was deleted outside Pulumi: the next one needs a new Join."""
    found = args.preflight
    return args.server.label not in found.orphans.running and found.state.has_resource(step)


def _parse(stdout: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stdout)
    return found
