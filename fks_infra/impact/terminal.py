"""The impact in a terminal."""

from collections.abc import Sequence
from itertools import groupby

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
    for where, group in groupby(effect_rows(impact), key=lambda row: row[0]):
        rows = [row[1:] for row in group]
        console.print(_table(EFFECTS[1:], rows, where))
    for title, changes in change_tables(impact):
        console.print(_table(CHANGES, changes, title))
    for sentence in sentences(impact):
        console.print(Text(sentence), soft_wrap=True)


def _table(head: Sequence[str], rows: Sequence[Row], title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
