"""The text, the table and the document of a game day."""

import json
from pathlib import Path

from rich.console import Console

from rehearsal.game_day import report
from rehearsal.game_day.drill import Result

GOOD = Result(
    name="server-off",
    breaks="web is switched off",
    command="fks status",
    diagnosis="web: SSH to 100.64.0.4: no route",
    advice="fks doctor",
    detected_seconds=4.2,
    repair=("Power On",),
    repair_seconds=31.9,
    verdict="pass",
)
BAD = Result(name="x", breaks="y", command="fks doctor", repair=(), reason="timed out")


def shown(*results: Result) -> str:
    console = Console(width=60, highlight=False)
    with console.capture() as capture:
        for one in results:
            report.show(console, one)
        report.show_table(console, results)
    return capture.get()


def test_what_happened_with_a_fault() -> None:
    text = shown(GOOD)
    assert text.startswith("server-off: pass\n  broken   web is switched off\n")
    assert "  named    by fks status after 4 s\n" in text
    assert "           web: SSH to 100.64.0.4: no route\n  advice   fks doctor\n" in text
    assert "  repair   Power On\n  healthy  after 32 s\n" in text
    assert text.endswith("1 of 1 faults were named and repaired\n")


def test_a_fault_that_failed_has_its_reason() -> None:
    text = shown(BAD)
    assert "  repair   none, it recovers by itself\n  reason   timed out\n" in text
    assert "named    by" not in text and "0 of 1 faults" in text


def test_the_table_fits_into_sixty_columns() -> None:
    table = shown(GOOD, BAD).partition("┏")[2].partition("┘")[0]
    assert table and all(len(line) <= 60 for line in table.splitlines())


def test_the_document_is_written(tmp_path: Path) -> None:
    path = tmp_path / "new/game-day.json"
    document = report.document("prod", [GOOD, BAD])
    report.write(document, path)
    found = json.loads(path.read_text())
    assert (found["stack"], found["ok"]) == ("prod", False)
    assert [one["verdict"] for one in found["faults"]] == ["pass", "fail"]
    assert found["faults"][0]["repair"] == ["Power On"]


def test_without_a_result_nothing_has_passed() -> None:
    assert not report.passed([])
    assert report.passed([GOOD]) and not report.passed([GOOD, BAD])
