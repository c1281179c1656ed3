"""A repository with the program, for tests that compare commits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fks_infra.impact import checkout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commit of the program."""
    return checkout.repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def root(program: Path) -> Iterator[Path]:
    """The repository, as it was committed at first."""
    yield from checkout.restored(program)
