"""The tables in a terminal."""

import io

from rich.console import Console

from fks_infra.impact.terminal import show
from tests.fks_infra.impact.examples import STOPPED, example


def test_it_shows_verdict_tables_and_notes() -> None:
    console = Console(file=io.StringIO(), width=120)
    show(console, example(STOPPED), "a and b")
    assert isinstance(console.file, io.StringIO)
    lines = [line.strip() for line in console.file.getvalue().splitlines()]
    assert lines[0].startswith("Changes with downtime: stopped and replaced: api-queue")
    assert lines[1] == "Stack prod, a and b."
    (row,) = (line for line in lines if "api-queue" in line and line.startswith("│"))
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "api-queue",
        "stopped, then replaced, 10 s at most",
        "all who use the API",
        "mem_limit 1m → 2m",
    ]
    assert lines[-1] == "A note."
