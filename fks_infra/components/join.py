"""Waits until a new server is in the tailnet; removes it from there when it is destroyed."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import local, remote

from fks_infra.components.machine import Machine
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.address_changes import address_change
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

    Its inputs stay the same until the server has another instance or another address, so its output
    is known in every other preview. A resource of its own removes the server from the tailnet, so
    the step can be repeated and replaced while the server runs.
    """

    address: pulumi.Output[str]
    host_key: pulumi.Output[str]
    connection: remote.ConnectionArgs

    def __init__(
        self, name: str, args: JoinArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Join", name, None, opts)
        result = self._wait(f"{name}-wait", args).stdout.apply(_parse)
        self._device(f"{name}-device", args)
        public = args.settings.deploy_via == "public"
        self.address = result.apply(lambda found: str(found["address"]))
        self.host_key = result.apply(lambda found: str(found["host_key"]))
        self.connection = remote.ConnectionArgs(
            host=args.machine.public_address if public else self.address,
            user=DEPLOY_USER,
            private_key=args.credentials.deploy_key,
            host_key=self.host_key,
        )
        self.register_outputs({"address": self.address})

    def _wait(self, step: str, args: JoinArgs) -> local.Command:
        settings, machine, found = args.settings, args.machine, args.preflight
        tags = server_tags(settings.tailnet_tag, args.server.roles)
        change = address_change(step, args.server, frozenset(tags), found.state, found.devices)
        if change:
            pulumi.log.warn(change.notice, self)

        def command(known: list[str]) -> str:
            instance_id, public_address = known
            moved = change.device.address if change and change.instance_id == instance_id else None
            ssh_address = public_address if settings.deploy_via == "public" else None
            return commands.join(
                args.server.name, tags, instance_id, settings.join_timeout, ssh_address, moved
            )

        return local.Command(
            step,
            create=pulumi.Output.all(machine.instance_id, machine.public_address).apply(command),
            triggers=[machine.instance_id],
            logging=local.Logging.NONE,
            opts=pulumi.ResourceOptions(
                parent=self,
                # The server has joined, so a change of the time-out needs no run.
                ignore_changes=[] if change else ["create"],
            ),
        )

    def _device(self, resource: str, args: JoinArgs) -> None:
        """Runs nothing until it is deleted, which removes the server from the tailnet."""
        server, machine = args.server, args.machine
        local.Command(
            resource,
            delete=machine.instance_id.apply(lambda known: commands.leave(server.name, known)),
            triggers=[machine.instance_id],
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A protected server stays in the tailnet.
                protect=server.protect and not _server_is_gone(resource, args),
            ),
        )


def _server_is_gone(resource: str, args: JoinArgs) -> bool:
    """Whether the server was deleted outside Pulumi: the next one is another device."""
    found = args.preflight
    return args.server.label not in found.orphans.running and found.state.has_resource(resource)


def _parse(stdout: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stdout)
    return found
