"""The parameters of a test that runs documented commands."""

from collections.abc import Iterable

import pytest

from tests.documented_commands.extraction import commands_of_pages
from tests.documented_commands.rows import Run


def parameters(rows: Iterable[Run]) -> list[object]:
    """Each command of the rows, in their order, with its row and its marker."""
    texts = commands_of_pages()
    return [
        pytest.param(row, command, id=command, marks=_marks(row))
        for row in rows
        for command in row.commands(texts)
    ]


def _marks(row: Run) -> list[pytest.MarkDecorator]:
    return [getattr(pytest.mark, row.mark)] if row.mark else []
