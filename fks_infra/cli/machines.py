"""`fks reboot`, `fks upgrade-os` and `fks support-bundle`: options and help."""

from typing import Annotated

import typer

from fks_infra.cli import reboot as reboot_command
from fks_infra.cli import support_bundle as bundle_command
from fks_infra.cli import upgrade_os as upgrade_command
from fks_infra.cli.deploys import Names, Stack, Yes
from fks_infra.cli.servers import end

app = typer.Typer()

Force = Annotated[bool, typer.Option("--force", help="Also a server that is not healthy.")]


@app.command()
def reboot(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="A server of the stack.")],
    reason: Annotated[str, typer.Option(help="Why, for others to read.")] = "",
    force: Force = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Reboot a server, and wait until it is healthy again; prints how long it was away.

    It is refused while a deploy runs there, and without --force for a server that is not healthy.
    Stopped stacks stay stopped. Exit code: 0 healthy again, 1 it is not, 2 nothing was changed.
    Example: fks reboot web --reason "new kernel"
    """
    end(lambda: reboot_command.run(stack, server, reason, force=force, yes=yes))


@app.command("upgrade-os")
def upgrade_os(
    servers: Names = None,
    check: Annotated[bool, typer.Option("--check", help="Only show what would change.")] = False,
    no_reboot: Annotated[
        bool, typer.Option("--no-reboot", help="Leave reboots that it needs to fks reboot.")
    ] = False,
    force: Force = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Upgrade Debian's packages, the kernel and the Docker engine, one server after the other.

    It shows what would change and prompts. Web comes first, then api, then auth; each must be
    healthy before and after, else it ends. A server that needs a reboot is rebooted. Interrupted,
    it can be run again. Exit code: 0 done, 1 a server failed, 2 nothing was changed. Example:
    fks upgrade-os web
    """
    chosen = upgrade_command.Choice(check=check, reboot=not no_reboot, force=force, yes=yes)
    end(lambda: upgrade_command.run(stack, servers or [], chosen))


@app.command("support-bundle")
def support_bundle(
    servers: Names = None,
    since: Annotated[str, typer.Option(help="How far back logs go: an age or a time.")] = "1d",
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Without it fks-support-STACK-TIME.tar.gz.")
    ] = "",
    stack: Stack = "",
) -> None:
    """Write logs, journals, versions, status and drift of the servers to one archive, masked.

    INDEX.md in it lists the files, and what is missing. Secrets that the servers know, and those of
    the stack, are not in it; addresses and names of users are. Changes nothing on the servers. Exit
    code: 0, 1 a server was not reached, 2 none was. Example: fks support-bundle --since 2h
    """
    end(lambda: bundle_command.create(stack, servers or [], since, out))
