"""The two remote resources: a command, and the upload of a bundle."""

import pulumi
from pulumi_command import remote

from fks_infra.release.bundle import Bundle


def remote_step(
    name: str,
    command: str,
    connection: remote.ConnectionArgs,
    opts: pulumi.ResourceOptions,
    stdin: pulumi.Input[str] | None = None,
) -> remote.Command:
    """Run `command`; run it again when it, its input or the connection changes. Shows no output.

    With logging on, the plugin hangs on an output line of more than 64 KiB.
    """
    return remote.Command(
        name,
        create=command,
        connection=connection,
        stdin=stdin,
        logging=remote.Logging.NONE,
        add_previous_output_in_env=False,
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(additional_secret_outputs=["stdout", "stderr"])
        ),
    )


def upload(
    name: str,
    bundle: Bundle,
    remote_path: str,
    connection: remote.ConnectionArgs,
    instance_id: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> remote.CopyToRemote:
    """Upload a bundle; the trigger repeats it for a rebuilt server, whose disk is empty."""
    return remote.CopyToRemote(
        name,
        source=pulumi.FileAsset(bundle.path.as_posix()),
        remote_path=remote_path,
        connection=connection,
        triggers=[instance_id],
        opts=opts,
    )
