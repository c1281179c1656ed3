"""One engine for all contract tests of a run."""

from __future__ import annotations

import pytest

from tests.contract.harness import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The real engine with our plugins."""
    return Engine.create(tmp_path_factory.mktemp("engine"))
