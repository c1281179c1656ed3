"""Runs the documented commands that need no account and no world, in a clone of the checkout."""

from pathlib import Path

import pytest

from tests.documented_commands.checkout import Checkout
from tests.documented_commands.parameters import parameters
from tests.documented_commands.rows import Run
from tests.documented_commands.table import IN_THE_CHECKOUT
from tests.github_stand_in import serving


@pytest.mark.parametrize(("row", "command"), parameters(IN_THE_CHECKOUT))
def test_it_runs(row: Run, command: str, tmp_path: Path) -> None:
    with serving() as github:
        Checkout.create(tmp_path).run(row, command, **github.environ())
