"""One server with all three roles; a protected server prevents a change of mode."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]


def test_up_creates_one_healthy_server_with_three_roles(single: Scenario) -> None:
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert len(single.health()) == 3
    assert single.unhealthy() is None
    assert single.up().changes == {}


def test_the_mode_cannot_change_while_the_server_is_protected(single: Scenario) -> None:
    single.set("fks:mode", "multi")
    outcome = single.operator.pulumi("preview")
    single.set("fks:mode", "single")
    assert outcome.code != 0
    assert "protect" in outcome.display
    assert "fks migrate single-to-multi" in " ".join(outcome.display.split())
    assert "Traceback" not in outcome.display
    assert single.unhealthy() is None


def test_up_with_refresh_creates_a_server_again_that_was_deleted_outside(
    single: Scenario,
) -> None:
    first = single.server("single").id
    single.delete_outside("single")
    outcome = single.operator.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert outcome.code == 0, outcome.display
    assert single.server("single").id != first
    assert single.unhealthy() is None
    assert single.up().changes == {}
