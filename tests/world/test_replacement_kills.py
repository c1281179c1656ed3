"""`up` is killed while it deletes a server that it replaces.

tests/fks_infra/test_engine_replacement_kills.py kills at every event, without servers.
"""

from __future__ import annotations

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(1200),
]

DELETION = r"resourcePreEvent delete-replaced .*::single-machine-instance$"


def test_a_kill_while_the_server_is_deleted_is_repaired_by_a_refresh(
    fresh_single: Scenario,
) -> None:
    assert fresh_single.up().code == 0
    fresh_single.set("fks:generation.single", "1")
    fresh_single.unprotect()
    assert fresh_single.up_killed_after(DELETION, 3.0).startswith("killed after event")
    # Before that the next run would find the server, and the provider would report that it is gone.
    wait_until("the server is deleted", lambda: instance_left(fresh_single), 60)
    keys = fresh_single.control.state("tailscale")["keys"]
    outcome = fresh_single.up()
    assert outcome.code != 0
    assert "run pulumi up --refresh" in outcome.display
    assert "404" not in outcome.display
    assert fresh_single.control.state("tailscale")["keys"] == keys

    outcome = fresh_single.operator.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert outcome.code == 0, outcome.display
    assert fresh_single.up().changes == {}
    assert fresh_single.unhealthy() is None
    counts = fresh_single.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (1, 1, 1)
    assert len(fresh_single.control.state("tailscale")["keys"]) == 1
    assert fresh_single.destroy().code == 0
    assert fresh_single.remaining_resources() == []


def instance_left(scenario: Scenario) -> str | None:
    """What is left of the deleted server in the cloud; None for nothing."""
    count = scenario.cloud_counts()["instances"]
    return f"{count} instances" if count else None
