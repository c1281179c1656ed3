"""The options and the help of `fks restore`."""

import re
from typing import Annotated

import typer

from fks_infra.cli import restore as restore_command
from fks_infra.cli.deploys import Json, Stack, Yes
from fks_infra.cli.servers import end

_TIME = r"latest|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def restore(
    data_set: Annotated[str, typer.Argument(metavar="SET", help="auth or api.")],
    dump: Annotated[
        str,
        typer.Option(metavar="FILE", help="On the server; without it the newest proved."),
    ] = "",
    snapshot: Annotated[
        str, typer.Option(metavar="ID", help="Of the repository (fks backups), or latest.")
    ] = "",
    to: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="In UTC, as 2026-11-27T14:03:00Z. Needs fks:backup.pitr."
        ),
    ] = "",
    queue: Annotated[
        bool,
        typer.Option(
            "--queue", help="Also the tasks that waited in the snapshot; what has run runs again."
        ),
    ] = False,
    into: Annotated[
        str, typer.Option(metavar="SERVER", help="Without it the server of the role.")
    ] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Exchange the data again.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Drop the other data.")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Only show how far the restore is.")
    ] = False,
    json_: Json = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Put the data of a backup into service, and keep those of now until --finish.

    The backup is restored beside the present data, which serve meanwhile, and every row is
    compared; of a snapshot the files are restored too, and with --queue the waiting tasks. Then it
    shows what would be lost and prompts for the server's name. For the exchange requests get 503;
    if the restored data are not healthy, those of before are put back. A stack that is locked or
    stopped ends it before anything changes. Interrupted, it can be run again.
    Exit code: 0 done, 1 the backup is not in service, 2 nothing was changed. Example: fks restore
    api
    """
    if sum(map(bool, (dump, snapshot, to))) > 1:
        raise typer.BadParameter("--dump, --snapshot and --to exclude each other: write one.")
    if to and not re.fullmatch(_TIME, to):
        raise typer.BadParameter(f"--to is {to!r}: write it in UTC, as 2026-11-27T14:03:00Z.")
    if queue and (data_set == "auth" or dump or to):
        raise typer.BadParameter("--queue is for a snapshot of api: write --snapshot latest.")
    chosen = [name for name, given in _actions(undo, finish, status).items() if given]
    if len(chosen) > 1:
        raise typer.BadParameter("--undo, --finish and --status exclude each other: write one.")
    if data_set not in ("auth", "api"):
        raise typer.BadParameter(f"SET is {data_set!r}: write auth or api.")
    choice = restore_command.Choice(
        data_set=data_set,
        action=chosen[0] if chosen else "restore",
        dump=dump,
        snapshot=snapshot,
        time=to,
        queue=queue,
        into=into,
        yes=yes,
        as_json=json_,
    )
    end(lambda: restore_command.run(stack, choice))


def _actions(undo: bool, finish: bool, status: bool) -> dict[str, bool]:
    return {"undo": undo, "finish": finish, "status": status}
