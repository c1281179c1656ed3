"""The steps of a run as bars on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from rehearsal.world.progress import Step

WIDTH = 60
MIN_SECONDS = 1.0


def timeline(steps: Sequence[Step]) -> Table:
    """Return a table with a bar for each step of at least a second, in order of their starts."""
    shown = sorted(
        (one for one in steps if one.seconds >= MIN_SECONDS), key=lambda one: one.started
    )
    first = min((one.started for one in shown), default=0.0)
    total = max((one.started + one.seconds - first for one in shown), default=1.0)
    table = Table(title=f"Timeline, {total:.0f} s", title_justify="left")
    for column in ("step", "from", "seconds", "0 s" + f"{total:.0f} s".rjust(WIDTH - 3)):
        table.add_column(column, no_wrap=True)
    for one in shown:
        offset = one.started - first
        table.add_row(
            one.name, f"{offset:.0f}", f"{one.seconds:.0f}", bar(offset, one.seconds, total)
        )
    return table


def bar(offset: float, seconds: float, total: float) -> str:
    """Return a bar of ``WIDTH`` characters for a step within ``total`` seconds."""
    start = min(round(offset / total * WIDTH), WIDTH - 1)
    length = max(1, round(seconds / total * WIDTH))
    return " " * start + "█" * min(length, WIDTH - start)
