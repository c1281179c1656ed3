"""Documented commands that make, use and remove a world on this machine, in this order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documented_commands.checkout import Checkout
from tests.documented_commands.parameters import parameters
from tests.documented_commands.rows import Run
from tests.documented_commands.table import ON_THE_MACHINE

# The world is gone at the end: the session's own one is made by the tests in tests/world, later.
pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(2400)]


@pytest.mark.parametrize(("row", "command"), parameters(ON_THE_MACHINE))
def test_it_works(row: Run, command: str, tmp_path: Path) -> None:
    Checkout.create(tmp_path).run(row, command)
