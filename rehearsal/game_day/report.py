"""What a game day prints, and `.rehearsal/game-day.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from rehearsal.game_day.drill import Result
from rehearsal.world.names import WORK

PATH = WORK / "game-day.json"


def document(stack: str, results: Sequence[Result]) -> dict[str, Any]:
    """{"stack", "ok": whether all passed, "faults": [{"name", "breaks", "command": that names it,
    "diagnosis": what it said, "advice": what it said to do, "detected_seconds" and "repair_seconds"
    or None, "repair": [command], "verdict": "pass" or "fail", "reason": why it failed, or ""}]}."""
    return {"stack": stack, "ok": passed(results), "faults": [asdict(one) for one in results]}


def passed(results: Sequence[Result]) -> bool:
    """Whether there are results and all faults were diagnosed and repaired."""
    return bool(results) and all(one.verdict == "pass" for one in results)


def write(found: dict[str, Any], path: Path = PATH) -> None:
    """Write the document."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n")


def show(console: Console, result: Result) -> None:
    """Print what happened with one fault."""
    style = "green" if result.verdict == "pass" else "red"
    console.print(Text(f"{result.name}: {result.verdict}", style=style))
    for label, text in _lines(result):
        console.print(Text(f"  {label:<9}{text}"), soft_wrap=True)


def _lines(result: Result) -> Iterator[tuple[str, str]]:
    yield "broken", result.breaks
    if result.detected_seconds is not None:
        yield "named", f"by {result.command} after {result.detected_seconds:.0f} s"
        yield "", result.diagnosis
        if result.advice:
            yield "advice", result.advice
    for command in result.repair or ("none, it recovers by itself",):
        yield "repair", command
    if result.repair_seconds is not None:
        yield "healthy", f"after {result.repair_seconds:.0f} s"
    if result.reason:
        yield "reason", result.reason


def show_table(console: Console, results: Sequence[Result]) -> None:
    """Print a row for each fault, and the count."""
    titles = ("fault", "named by", "after", "healthy after", "verdict")
    table = Table(*(Column(title, overflow="fold") for title in titles))
    for one in results:
        seconds = (_seconds(one.detected_seconds), _seconds(one.repair_seconds))
        table.add_row(one.name, one.command, *seconds, one.verdict)
    console.print(table)
    count = sum(one.verdict == "pass" for one in results)
    console.print(f"{count} of {len(results)} faults were named and repaired")


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"
