"""`fks status`: the state of all servers on one screen, or as one JSON document."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import Servers, connected
from fks_infra.errors import OperatorError
from fks_infra.operate import reports
from fks_infra.operate.page import page
from fks_infra.operate.screen import screen
from fks_infra.operate.state import CANNOT_TELL, State


def register(app: typer.Typer) -> None:
    """Add the command to `fks`."""
    app.command()(status)


def status(
    servers: Annotated[
        list[str] | None, typer.Argument(metavar="[SERVER]...", help="Without it all servers.")
    ] = None,
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Repeat it until Ctrl-C.")] = False,
    html: Annotated[
        str, typer.Option(metavar="FILE", help="Write a page with drawings: calls, usage, deploys.")
    ] = "",
    interval: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="With --watch: the pause.")
    ] = 5.0,
) -> None:
    """Show the state of the servers on one screen. Changes nothing.

    The first line says what is wrong; each problem has the command to type next. It logs in to each
    server once, over SSH with the deploy key. Exit code: 0 healthy, 1 a problem, or a server was
    not reached, 2 cannot tell: no server was reached, nothing is deployed, or no such stack.
    Example: fks status api --watch
    """
    if html and (watch or json_):
        raise typer.BadParameter("--html excludes --watch and --json: write one of them.")
    if html:
        raise typer.Exit(write_page(stack, servers or [], Path(html)))
    pause = interval if watch else None
    code = run(stack, servers or [], as_json=json_, interval=pause)
    raise typer.Exit(code)


def run(stack: str, names: Sequence[str], *, as_json: bool, interval: float | None) -> int:
    """Print the state of these servers, of all without names; with `interval` again after that
    many seconds, until Ctrl-C.

    Returns the exit code: 0 healthy, 1 a problem, 2 no server was reached or there is none.
    """
    with exit_code(CANNOT_TELL), connected(stack, names) as found:
        with waiting_for(f"reading {', '.join(server.name for server in found.servers)}"):
            state = _read(found)
        with _display(as_json=as_json, live=interval is not None) as show:
            show(state)
            with suppress(KeyboardInterrupt):
                while interval is not None:
                    time.sleep(interval)
                    state = _read(found)
                    show(state)
    return state.exit_code


def write_page(stack: str, names: Sequence[str], file: Path) -> int:
    """Write the page; returns the exit code of the state."""
    with exit_code(CANNOT_TELL), connected(stack, names) as found:
        with waiting_for(f"reading {', '.join(server.name for server in found.servers)}"):
            state = State.of(
                found.stack, reports.read(found.stack, found.servers, found.key, reports.WITH_DAY)
            )
        try:
            file.write_text(page(state), encoding="utf-8")
        except OSError as error:
            raise OperatorError(
                f"{file} cannot be written: {error.strerror}\nNext: choose another file for --html"
            ) from None
        sys.stdout.write(f"{file}: {state.verdict}\n")
    return state.exit_code


def _read(found: Servers) -> State:
    return State.of(found.stack, reports.read(found.stack, found.servers, found.key))


@contextmanager
def _display(*, as_json: bool, live: bool) -> Iterator[Callable[[State], None]]:
    """What shows a state: in place of the one before if `live`, where there is a terminal."""
    console = Console(highlight=False)
    if as_json:
        yield _write_json
    elif live and console.is_terminal:
        with Live(console=console, screen=True, auto_refresh=False) as terminal:
            yield lambda state: terminal.update(Group(*screen(state, console.width)), refresh=True)
    else:
        yield partial(_print, console)


def _write_json(state: State) -> None:
    sys.stdout.write(json.dumps(state.document(), indent=2) + "\n")


def _print(console: Console, state: State) -> None:
    """Lines to be copied, which are indented, are not wrapped."""
    for part in screen(state, console.width):
        copied = isinstance(part, Text) and part.plain.startswith("  ")
        console.print(part, soft_wrap=copied)
