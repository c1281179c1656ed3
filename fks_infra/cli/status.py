"""`fks status`: the state of all servers on one screen, or as one JSON document."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import Servers, connected
from fks_infra.operate import reports
from fks_infra.operate.screen import screen
from fks_infra.operate.state import CANNOT_TELL, State


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
    """Lines to be copied are not wrapped."""
    for part in screen(state, console.width):
        console.print(part, soft_wrap=isinstance(part, Text))
