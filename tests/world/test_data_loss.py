"""A server with data is rebuilt only with proved backups, which the run reads from it."""

from __future__ import annotations

import pytest

from rehearsal.world.operator import Outcome
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1800)]


def text(outcome: Outcome) -> str:
    return " ".join(outcome.display.split())


def refused(scenario: Scenario, *reasons: str) -> None:
    """`up` is refused and changes nothing."""
    before = scenario.instance("single")
    outcome = scenario.up()
    assert outcome.code != 0
    assert outcome.changes == {}
    assert all(reason in text(outcome) for reason in reasons), outcome.display
    assert scenario.instance("single") == before


def test_protection_ends_only_with_proved_backups(single: Scenario) -> None:
    assert single.up().code == 0
    single.set("fks:protect", "false")
    refused(
        single,
        "fks:protect true -> false lets pulumi destroy delete the server single, which holds the "
        "data of auth and api.",
        "no certificate of the last 24 hours (auth: no proved backup; api: no proved backup)",
    )
    single.operator.output(["fks", "backup", "all"])
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert "single has a proved backup" in text(outcome)


def test_a_server_that_is_not_reached_has_no_certificate(single: Scenario) -> None:
    single.set("fks:generation.single", "1")
    single.operator.output(["tailscale", "down"])
    try:
        refused(single, "Its newest backup certificate cannot be checked here")
    finally:
        single.operator.output(["tailscale", "up"])


def test_a_damaged_backup_is_no_certificate(single: Scenario) -> None:
    newest = "ls -t /var/backups/fks/postgres/*.proof.json | head -1"
    damage = f"""cp -p $({newest}) /root/proof; sed -i 's/"ok"/"bad"/' $({newest})"""
    single.on_server("single", "bash", "-c", damage)
    refused(single, "newest backup bad")
    single.on_server("single", "bash", "-c", f"cp -p /root/proof $({newest})")


def test_with_proved_backups_the_server_is_rebuilt(single: Scenario) -> None:
    before = single.instance("single")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert "fks:generation.single 0 -> 1 rebuilds the server single" in text(outcome)
    assert single.instance("single") != before
    assert single.unhealthy() is None
    assert single.up().changes == {}
