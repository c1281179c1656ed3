"""The state of all servers on one screen: verdict, problems, and a card for each server."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from fks_infra.operate.card import card
from fks_infra.operate.state import CANNOT_TELL, HEALTHY, PROBLEMS, Remark, State

# Columns of a card: three fit into 120, one into 60.
NARROWEST, WIDEST, GAP = 38, 60, 2
_STYLES = {HEALTHY: "bold green", PROBLEMS: "bold red", CANNOT_TELL: "bold cyan"}


def screen(state: State, width: int) -> Iterator[RenderableType]:
    """The parts of the screen for a terminal with `width` columns; lines of text, then cards."""
    yield Text(state.verdict, style=_STYLES[state.exit_code])
    where = f"stack {state.stack}" if state.stack else "this server"
    yield Text(", ".join([where, *([_shown(state.time)] if state.time else [])]))
    yield from _remarks(state.problems, "red")
    yield from _remarks(state.warnings, "yellow")
    yield from _rows([card(name, report) for name, report in state.reports.items()], width)


def _remarks(remarks: Sequence[Remark], style: str) -> Iterator[RenderableType]:
    """Servers that have the same one share it."""
    servers: dict[Remark, list[str]] = {}
    for remark in remarks:
        servers.setdefault(replace(remark, server=""), []).append(remark.server)
    for remark, names in servers.items():
        since = f", since {_shown(remark.since)}" if remark.since else ""
        yield Text(f"{', '.join(names)}: {remark.text}{since}", style=style)
        yield Text(f"  next: {remark.command}")


def _shown(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"


def _rows(cards: Sequence[RenderableType], width: int) -> Iterator[RenderableType]:
    count = min(max((width + GAP) // (NARROWEST + GAP), 1), len(cards))
    columns = min((width + GAP) // count - GAP, WIDEST)
    for first in range(0, len(cards), count):
        table = Table.grid(padding=(0, GAP, 0, 0))
        for _ in range(count):
            table.add_column(width=columns, overflow="fold")
        table.add_row(*cards[first : first + count])
        yield Text()
        yield table
