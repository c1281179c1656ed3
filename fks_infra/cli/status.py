"""`fks status`: the state of all servers on one screen, or as one JSON document."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from fks_infra.doctor.server_command import key_file
from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.screen import screen
from fks_infra.operate.state import CANNOT_TELL, State


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

        def read() -> State:
            return State.of(found.name, reports.read(found.name, servers, key))

        with errors.status(f"reading {', '.join(server.name for server in servers)}"):
            state = read()
        show = _write_json if as_json else partial(_print, Console(highlight=False))
        if interval is None:
            show(state)
            return state.exit_code
        return _watch(state, read, interval, None if as_json else Console(highlight=False))


def _write_json(state: State) -> None:
    sys.stdout.write(json.dumps(state.document(), indent=2) + "\n")


def _print(console: Console, state: State) -> None:
    """Lines to be copied are not wrapped."""
    for part in screen(state, console.width):
        console.print(part, soft_wrap=isinstance(part, Text))


def _watch(
    state: State, read: Callable[[], State], interval: float, console: Console | None
) -> int:
    """Show each state until Ctrl-C; the exit code is that of the last one."""
    with suppress(KeyboardInterrupt):
        if console and console.is_terminal:
            with Live(console=console, screen=True, auto_refresh=False) as live:
                while True:
                    live.update(Group(*screen(state, console.width)), refresh=True)
                    time.sleep(interval)
                    state = read()
        while True:
            if console:
                _print(console, state)
            else:
                _write_json(state)
            time.sleep(interval)
            state = read()
    return state.exit_code
