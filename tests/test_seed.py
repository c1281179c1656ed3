"""docs/seed.md has every promise of the seed, with commands, files and tests that exist."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.paths import PROJECT_ROOT

TEXT = (PROJECT_ROOT / "docs" / "seed.md").read_text()
# The seed's promises, counted by hand: one for each line that promises something.
PROMISES = 130
CODE = re.compile(r"`([^`]+)`")
MISSING = "not there yet"
# Programs that are not this project's.
FOREIGN = ("pulumi ", "git push", "gh workflow run", "sudo /usr/local/lib/fks/")


@dataclass(frozen=True)
class Row:
    number: int
    promise: str
    command: str
    file: str
    test: str


def rows() -> Iterator[Row]:
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[0].isdigit():
            yield Row(int(cells[0]), *cells[1:])


ROWS = list(rows())
FULFILLED = [row for row in ROWS if row.command != MISSING]
EACH = pytest.mark.parametrize("row", FULFILLED, ids=lambda row: str(row.number))


def test_every_promise_has_a_row() -> None:
    assert [row.number for row in ROWS] == list(range(1, PROMISES + 1))
    assert f"its {PROMISES} promises" in " ".join(TEXT.split())


def test_what_is_missing_is_counted_and_names_nothing() -> None:
    missing = [row for row in ROWS if row.command == MISSING]
    assert f"{len(missing)} rows are not there yet" in " ".join(TEXT.split())
    assert {(row.file, row.test) for row in missing} == {("-", "-")}


@EACH
def test_the_file_and_the_test_exist(row: Row) -> None:
    for cell in (row.file, row.test):
        (path,) = CODE.findall(cell)
        assert (PROJECT_ROOT / path).is_file(), path
    assert CODE.findall(row.test)[0].startswith("tests/")


@EACH
def test_the_command_exists(row: Row) -> None:
    if row.command == "not needed":
        return
    (command,) = CODE.findall(row.command)
    if command.startswith("fks "):
        result = CliRunner().invoke(app, [*command.split()[1:], "--help"])
        assert result.exit_code == 0, result.output
    elif command.startswith("scripts/"):
        assert (PROJECT_ROOT / command.split()[0]).is_file()
    elif command.startswith("make "):
        assert f"\n{command.removeprefix('make ')}:" in (PROJECT_ROOT / "Makefile").read_text()
    else:
        assert command.startswith(FOREIGN)
