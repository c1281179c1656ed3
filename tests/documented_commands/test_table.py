"""Every documented command has one row of the table, and every row has a command."""

import pytest

from fks_infra.paths import PROJECT_ROOT
from tests.documented_commands.extraction import PAGES, TEXTS, bare, commands_of_pages
from tests.documented_commands.rows import By, InTest, Row
from tests.documented_commands.table import BY_OTHERS, IN_TESTS, OUTSIDE, TABLE
from tests.workflows.workflow import workflow

COMMANDS = commands_of_pages()
CLI = ".venv/bin/python -m fks_infra.cli "


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_has_one_row(text: str) -> None:
    patterns = [row.pattern for row in TABLE if row.matches(text)]
    assert len(patterns) == 1, (
        f"`{text}` has the rows {patterns}; tests/documented_commands/table.py"
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: str(row.pattern))
def test_a_row_has_a_command(row: Row) -> None:
    assert row.commands(COMMANDS), f"no page has a command like {row.pattern!r}: remove its row"


def steps(row: By) -> list[str]:
    """The command lines of a workflow, with `fks` as an operator writes it."""
    lines = (line for job in workflow(row.workflow).jobs for _, line in job.commands())
    return [f"{bare(line.replace(CLI, 'fks '))} " for line in lines]


@pytest.mark.parametrize("row", BY_OTHERS, ids=lambda row: str(row.pattern))
def test_others_run_it(row: By) -> None:
    for command in row.commands(COMMANDS):
        assert any(line.startswith(f"{bare(command)} ") for line in steps(row)), command


@pytest.mark.parametrize("row", IN_TESTS, ids=lambda row: str(row.pattern))
def test_another_test_runs_it(row: InTest) -> None:
    assert row.words in (PROJECT_ROOT / row.test).read_text()


def test_few_commands_are_run_by_no_test() -> None:
    outside = [text for text in COMMANDS if any(row.matches(text) for row in OUTSIDE)]
    assert len(outside) <= len(COMMANDS) / 6, outside
    assert all(row.reason for row in OUTSIDE)


def test_what_is_no_command_is_in_a_page() -> None:
    pages = "".join(page.read_text() for page in PAGES)
    assert [text for text in TEXTS if f"`{text}`" not in pages] == []
