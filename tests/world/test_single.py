"""One server with all three roles, and why its mode does not change by accident."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]


def test_up_brings_one_server_with_three_roles_to_life(single: Scenario) -> None:
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    health = single.health()
    assert len(health) == 3
    assert all('"healthy"' in answer for answer in health.values()), health
    assert single.up().changes == {}


def test_the_mode_is_not_switched_while_the_server_is_protected(single: Scenario) -> None:
    single.set("fks:mode", "multi")
    outcome = single.operator.pulumi("preview")
    single.set("fks:mode", "single")
    assert outcome.code != 0
    assert "protect" in outcome.display
    assert "Traceback" not in outcome.display
    assert all('"healthy"' in answer for answer in single.health().values())


def test_a_server_deleted_outside_is_built_anew_by_up_with_refresh(single: Scenario) -> None:
    first = single.server("single").id
    single.delete_outside("single")
    outcome = single.operator.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert outcome.code == 0, outcome.display
    assert single.server("single").id != first
    assert all('"healthy"' in answer for answer in single.health().values())
    assert single.up().changes == {}
