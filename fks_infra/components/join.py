"""Waits until a new server is in the tailnet; takes it out again when it is gone."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import local, remote

from fks_infra.components.machine import Machine
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import Preflight
from fks_infra.release import commands
from fks_infra.topology.planning import ServerSpec
from fks_infra.topology.tailnet_policy import server_tags

DEPLOY_USER = "deploy"


@dataclass(frozen=True, kw_only=True)
class JoinArgs:
    """The server to wait for, and what it takes to log in to it afterwards."""

    server: ServerSpec
    settings: Settings
    credentials: Credentials
    machine: Machine
    preflight: Preflight


class Join(pulumi.ComponentResource):
    """A step on this side whose result is the server's tailnet address and its host key.

    Its text is the same for the life of the instance, so the result stays known in every preview.
    """

    address: pulumi.Output[str]
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
                # Its delete takes the server out of the tailnet: not while the server must stay.
                protect=args.server.protect and not _outlived(step, args),
                # Not a new server, so nothing to wait for: a longer patience is not worth a run.
                ignore_changes=["create"],
            ),
        )
        result = waited.stdout.apply(_parse)
        self.address = result.apply(lambda found: str(found["address"]))
        self.connection = remote.ConnectionArgs(
            host=machine.public_address if public else self.address,
            user=DEPLOY_USER,
            private_key=args.credentials.deploy_key,
            host_key=result.apply(lambda found: str(found["host_key"])),
        )
        self.register_outputs({"address": self.address})


def _outlived(step: str, args: JoinArgs) -> bool:
    """Whether its server is gone, deleted by somebody: the next one needs a Join of its own."""
    found = args.preflight
    return args.server.label not in found.orphans.running and found.state.has_resource(step)


def _parse(stdout: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stdout)
    return found
