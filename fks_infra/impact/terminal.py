"""The impact in a terminal."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fks_infra.impact.impact import Impact, Level
from fks_infra.impact.rows import CHANGES, EFFECTS, Row, change_tables, effect_rows, sentences
from fks_infra.impact.verdict import verdict

_STYLES = {
    Level.NOTHING: "green",
    Level.NO_DOWNTIME: "green",
    Level.DOWNTIME: "yellow",
    Level.LOSS: "bold red",
}


def show(console: Console, impact: Impact, source: str) -> None:
    """The verdict, the tables, and what they do not say; `source` names the compared commits."""
    console.print(Text(verdict(impact), style=_STYLES[impact.level]), soft_wrap=True)
    console.print(Text(f"Stack {impact.stack}, {source}."), soft_wrap=True)
    for where, rows in groupby(effect_rows(impact), key=itemgetter(0)):
        console.print(_table(EFFECTS[1:], [row[1:] for row in rows], where))
    for title, rows in change_tables(impact):
        console.print(_table(CHANGES, rows, title))
    for sentence in sentences(impact):
        console.print(Text(sentence), soft_wrap=True)


def _table(head: Sequence[str], rows: Sequence[Row], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in head:
        # The last column has the long texts.
        table.add_column(name, overflow="fold", ratio=None if name != head[-1] else 1)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
