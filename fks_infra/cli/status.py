"""`fks status`: the state of all servers on one screen, or as one JSON document."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.screen import screen
from fks_infra.operate.state import CANNOT_TELL, State
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import key_file


def run(stack: str, names: Sequence[str], *, as_json: bool, interval: float | None) -> int:
    """Print the state of these servers, of all without names; with `interval` again after that
    many seconds, until Ctrl-C.

    Returns the exit code: 0 healthy, 1 a problem, 2 no server was reached or there is none.
    """
    errors = Console(stderr=True, highlight=False)
    try:
        with errors.status("reading the stack"):
            found = deployed_stack.read(stack)
            servers = found.selected(names)
    except OperatorError as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        return CANNOT_TELL
    with key_file(found.deploy_key) as key:
        read = partial(_read, found.name, servers, key)
        with errors.status(f"reading {', '.join(server.name for server in servers)}"):
            state = read()
        with _display(as_json=as_json, live=interval is not None) as show:
            show(state)
            with suppress(KeyboardInterrupt):
                while interval is not None:
                    time.sleep(interval)
                    state = read()
                    show(state)
    return state.exit_code


def _read(stack: str, servers: Sequence[DeployedServer], key: Path) -> State:
    return State.of(stack, reports.read(stack, servers, key))


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
