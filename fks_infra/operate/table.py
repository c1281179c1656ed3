"""Tables without lines, which fold in a narrow terminal."""

from collections.abc import Iterable, Sequence

from rich.table import Table


def plain_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A column for each title."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
