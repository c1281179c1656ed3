"""A stack that is as its configuration says."""

from __future__ import annotations

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

# A server that renews or reloads something cannot tell meanwhile.
_SECONDS = 90


def drift(scenario: Scenario) -> str | None:
    """What `fks drift` prints, None where there is no drift."""
    text = scenario.operator.output(["sh", "-c", "fks drift 2>&1; echo code $?"])
    assert not text.endswith("code 1\n"), text
    return None if text.endswith("code 0\n") else text


def assert_settled(scenario: Scenario) -> None:
    """Nothing is left to change or to repair, and all services answer."""
    preview = scenario.operator.must_succeed("preview")
    assert preview.changes == {}, preview.display
    wait_until("there is no drift", lambda: drift(scenario), _SECONDS)
    assert scenario.unhealthy() is None
