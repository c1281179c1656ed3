"""The commands of `fks` about deploys: what happened, what is kept, and how to change it."""

from functools import partial
from typing import Annotated

import typer

from fks_infra.cli import history as history_command
from fks_infra.cli import lock as lock_command
from fks_infra.cli import maintenance as maintenance_command
from fks_infra.cli import releases as releases_command
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import end

app = typer.Typer()

Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVER]...", help="Without it all servers.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")]
AcceptDataLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-data-loss",
        metavar="NAME",
        help="Let this run destroy a server's data without a proved backup; may be repeated.",
    ),
]


@app.command()
def history(
    servers: Names = None,
    stack: Stack = "",
    since: Annotated[str, typer.Option(help="An age (90m, 12h, 3d, 2w) or a time in UTC.")] = "",
    json_: Json = False,
) -> None:
    """Show what happened on the servers, oldest first, times in UTC. Changes nothing.

    Deploys with result, seconds and user, restarts by the watch, alerts, backups that are kept, all
    else in the servers' journals, and Pulumi's operations with author and commit. Exit code: 0, 1 a
    server was not reached, 2 none was.
    Example: fks history api --since 3d
    """
    end(lambda: history_command.run(stack, servers or [], since, as_json=json_))


@app.command()
def releases(servers: Names = None, stack: Stack = "", json_: Json = False) -> None:
    """Show the releases that each server keeps, with the changes between them. Changes nothing.

    Number 0 is the last that was deployed; below each release is what it changed: files, images,
    and settings by name. fks rollback goes back to one of them. Exit code: 0, 1 a server was not
    reached, 2 none was. Example: fks releases api
    """
    end(lambda: releases_command.run(stack, servers or [], as_json=json_))


@app.command()
def rollback(
    server: Annotated[str, typer.Argument(metavar="[SERVER]", help="auth, api or web.")] = "",
    to: Annotated[
        str, typer.Option(metavar="DIGEST|N", help="As fks releases shows it; else the one before.")
    ] = "",
    unpin: Annotated[
        bool, typer.Option("--unpin", help="End the pin: deploy the release of this checkout.")
    ] = False,
    stack: Stack = "",
    yes: Yes = False,
) -> None:
    """Go back to a release that the server keeps, and stay there until --unpin.

    It sets fks:pin in the stack's configuration and runs pulumi up for the server: no upload, no
    registry. It does not go behind a migration of a database. Exit code: 0, 1 pulumi up failed, 2
    nothing was changed. Example: fks rollback api --to 2
    """
    # Servers do not have it.
    from fks_infra.cli import rollback as rollback_command

    confirm = partial(confirmed, yes=yes)
    if unpin and to:
        raise typer.BadParameter("--to and --unpin exclude each other: write one of them.")
    if unpin:
        end(lambda: rollback_command.unpin(stack, server, confirm))
    end(lambda: rollback_command.run(stack, server, to, confirm))


@app.command()
def deploy(
    server: Annotated[
        str, typer.Argument(metavar="[SERVER]", help="auth, api, web, or all.")
    ] = "all",
    stack: Stack = "",
    yes: Yes = False,
    accept_data_loss: AcceptDataLoss = None,
) -> None:
    """Deploy this checkout to one server or all: show the impact, prompt, run pulumi up.

    The impact is that since the commit of the last update. Exit code: 0, 1 pulumi up failed, 2
    nothing was changed. Example: fks deploy api
    """
    # Servers do not have it.
    from fks_infra.cli import deploy as deploy_command

    prompt, accept = partial(confirmed, yes=yes), accept_data_loss or []
    end(lambda: deploy_command.run(stack, server, prompt, accept))


@app.command()
def rotate(
    name: Annotated[str, typer.Argument(metavar="SECRET", help="See above.")],
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="db-password of one role: auth or api.")
    ] = "",
    stack: Stack = "",
    yes: Yes = False,
) -> None:
    """Replace a secret of the servers, and prove that the old value is refused.

    SECRET is deploy-key, db-password, redis-password, jwt, authentik-token, dns-token, registry or
    backup-key, the key of fks:backup.bucket. A new dns-token or password of the registry comes from
    FKS_ACME_DNS_TOKEN, FKS_REGISTRY_PASSWORD or a prompt, and is checked before it is stored. First
    it says what is restarted and for how many seconds requests may fail, and prompts; then the new
    value comes beside the old one, and the old one is removed. A stack that is locked or stopped,
    or a server that is not reached, ends it before anything changes. Interrupted, it can be run
    again. Exit code: 0, 1 it is not complete, 2 nothing was changed. Example: fks rotate
    redis-password
    """
    # Servers do not have it.
    from fks_infra.cli import rotate as rotate_command

    end(lambda: rotate_command.run(stack, name, role, partial(confirmed, yes=yes)))


@app.command()
def lock(
    reason: Annotated[str, typer.Option(help="Why deploys must wait; whoever deploys reads it.")],
    stack: Stack = "",
) -> None:
    """Let no server of the stack accept a deploy until fks unlock, also not from a workflow.

    Exit code: 0, 1 a server was not reached or is locked already, 2 no server was reached.
    Example: fks lock --reason "an incident is being looked into"
    """
    end(lambda: lock_command.lock(stack, reason))


@app.command()
def unlock(stack: Stack = "") -> None:
    """End fks lock, whoever has set it, and show who had.

    Exit code: 0, 1 a server was not reached, 2 none was.
    """
    end(lambda: lock_command.unlock(stack))


maintenance = typer.Typer(help="A page instead of the service.", no_args_is_help=True)
app.add_typer(maintenance, name="maintenance")


@maintenance.command("on")
def maintenance_on(
    servers: Names = None,
    message: Annotated[str, typer.Option(help="A sentence for the page, without HTML.")] = "",
    stack: Stack = "",
) -> None:
    """Answer 503 with a page, or with JSON, to all requests but health checks.

    It lasts until fks maintenance off, also over deploys and reboots. Exit code: 0, 1 a server was
    not reached, 2 none was. Example: fks maintenance on web --message "Back at 10:00 UTC."
    """
    end(lambda: maintenance_command.run(stack, servers or [], message))


@maintenance.command("off")
def maintenance_off(servers: Names = None, stack: Stack = "") -> None:
    """Serve again, within 10 seconds. Exit code: as of fks maintenance on."""
    end(lambda: maintenance_command.run(stack, servers or [], None))
