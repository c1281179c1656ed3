"""Runs the documented commands that need no account and no world, in a clone of the checkout."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documented_commands.checkout import Checkout
from tests.documented_commands.extraction import commands_of_pages
from tests.documented_commands.rows import Run
from tests.documented_commands.table import IN_THE_CHECKOUT
from tests.github_stand_in import serving


def parameters() -> Iterator[object]:
    """Each command with its row and its marker."""
    for row in IN_THE_CHECKOUT:
        marks = [getattr(pytest.mark, row.mark)] if row.mark else []
        for command in row.commands(commands_of_pages()):
            yield pytest.param(row, command, id=command, marks=marks)


@pytest.mark.parametrize(("row", "command"), list(parameters()))
def test_it_runs(row: Run, command: str, tmp_path: Path) -> None:
    with serving() as github:
        Checkout.create(tmp_path).run(row, command, **github.environ())
