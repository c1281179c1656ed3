"""The commands `fks backup`, `fks backups` and `fks verify-backup`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from fks_infra.cli.servers import (
    DONE,
    INCOMPLETE,
    Servers,
    code_of,
    connected,
    end,
    plain,
    show_unreached,
    write_json,
)
from fks_infra.operate import backups
from fks_infra.operate.reports import Reports
from fks_infra.operate.table import plain_table

# Seconds: the time limit of fks-backup.service; of a list, as long as restic waits for an answer.
_RUN, _LIST = 4 * 3600.0, 120.0
_PROGRAM = "backup"

Set = Annotated[str, typer.Argument(metavar="[SET]", help="auth, api or all.")]
Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `fks`."""
    app.command()(backup)
    app.command("backups")(list_)
    app.command("verify-backup")(verify)


def backup(set_: Set = backups.ALL, stack: Stack = "", json_: Json = False) -> None:
    """Back up databases and files, and prove each backup by a restore from the repository.

    As the servers do each night: dumps, then one snapshot for each data set, restored in a
    container of its own and compared row by row; only then old snapshots are deleted. Services go
    on. Interrupted, it goes on on the servers. Exit code: 0, 1 a backup failed, is bad, or a server
    was not reached, 2 nothing was done. Example: fks backup api
    """
    end(lambda: _run(stack, set_, (), as_json=json_))


def verify(
    set_: Set = backups.ALL,
    deep: Annotated[bool, typer.Option("--deep", help="Also read all data there.")] = False,
    stack: Stack = "",
    json_: Json = False,
) -> None:
    """Check the repository, and prove the newest backup again by a restore from it.

    The check compares the repository's lists with its files; --deep also reads and decrypts all of
    them. Exit code: 0, 1 a backup is bad, could not be checked, or a server was not reached, 2
    nothing was done. Example: fks verify-backup --deep
    """
    options = ("--verify", *(["--deep"] if deep else []))
    end(lambda: _run(stack, set_, options, as_json=json_))


def list_(set_: Set = backups.ALL, stack: Stack = "", json_: Json = False) -> None:
    """Show the snapshots in the repository, with what a restore of each has proved.

    Verdict ok: restored from the repository with the rows and checksums of the dump's moment.
    Changes nothing. Exit code: 0, 1 the newest backup is bad, or a server or repository did not
    answer, 2 no server did. Example: fks backups api
    """
    end(lambda: _list(stack, set_, as_json=json_))


@contextmanager
def _connected(stack: str, sets: Sequence[str]) -> Iterator[Servers]:
    """The servers that have the data sets."""
    with connected(stack, ()) as found:
        yield replace(found, servers=backups.with_data(found.servers, sets))


def _run(stack: str, chosen: str, options: Sequence[str], *, as_json: bool) -> int:
    sets = backups.names(chosen)
    with _connected(stack, sets) as servers:
        arguments = (*sets, *options, "--json")
        found = servers.run(("sets",), _PROGRAM, *arguments, seconds=_RUN)
    if as_json:
        write_json({"stack": servers.stack, "servers": plain(found)})
    else:
        for server, one in backups.results(found):
            typer.echo(backups.result_line(server, one))
    show_unreached(found)
    done = all(one["result"] in ("ok", "skipped") for _, one in backups.results(found))
    return _worse(found, good=done)


def _list(stack: str, chosen: str, *, as_json: bool) -> int:
    sets = backups.names(chosen)
    with _connected(stack, sets) as servers:
        found = servers.run(("time", "sets"), _PROGRAM, *sets, "--list", seconds=_LIST)
    problems = list(backups.problems(found))
    if as_json:
        write_json({"stack": servers.stack, "servers": plain(found)})
    else:
        Console(highlight=False).print(plain_table(backups.HEAD, list(backups.rows(found))))
        for text in backups.reach(found):
            typer.echo(text)
        errors = Console(stderr=True, highlight=False)
        for text in problems:
            errors.print(text, style="red", markup=False, soft_wrap=True)
    show_unreached(found)
    return _worse(found, good=not problems)


def _worse(found: Reports, *, good: bool) -> int:
    code = code_of(found)
    return INCOMPLETE if code == DONE and not good else code
