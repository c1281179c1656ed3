"""Prepares a server for releases: Docker, packet filter, users, limits."""

from dataclasses import dataclass

import pulumi
from pulumi_command import remote

from fks_infra.components.join import Join
from fks_infra.components.remote_step import remote_step, upload
from fks_infra.release import commands
from fks_infra.release.bundle import Bundle
from fks_infra.topology.servers import ServerSpec


@dataclass(frozen=True, kw_only=True)
class BootstrapArgs:
    """The server, its connection, and the host scripts."""

    server: ServerSpec
    join: Join
    instance_id: pulumi.Output[str]
    scripts: Bundle


class Bootstrap(pulumi.ComponentResource):
    """Uploads the host scripts and runs them. They are idempotent."""

    done: remote.Command

    def __init__(
        self, name: str, args: BootstrapArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Bootstrap", name, None, opts)
        archive = upload(
            f"{name}-scripts",
            args.scripts,
            commands.host_archive(args.scripts.digest),
            args.join.connection,
            args.instance_id,
            pulumi.ResourceOptions(parent=self),
        )
        self.done = remote_step(
            f"{name}-run",
            commands.bootstrap(args.scripts.digest, args.server),
            args.join.connection,
            pulumi.ResourceOptions(parent=self, depends_on=[archive]),
        )
        self.register_outputs({})
