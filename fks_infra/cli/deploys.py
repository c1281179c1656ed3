"""The commands of `fks` about deploys: what happened, what is kept, and how to change it."""

from typing import Annotated

import typer

from fks_infra.cli import history as history_command
from fks_infra.cli import releases as releases_command
from fks_infra.cli.servers import end

app = typer.Typer()

Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVER]...", help="Without it all servers.")
]


@app.command()
def history(
    servers: Names = None,
    stack: Stack = "",
    since: Annotated[
        str, typer.Option(help="90m, 12h, 3d, 2w ago, or a time as 2026-11-27T10:00.")
    ] = "",
    json_: Json = False,
) -> None:
    """Show what happened on the servers, oldest first, times in UTC. Changes nothing.

    Deploys with result, seconds and user, restarts by the watch, alerts, backups that are kept, and
    all else in the servers' journals. Exit code: 0, 1 a server was not reached, 2 none was.
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
