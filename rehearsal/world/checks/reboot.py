"""A rebooted server serves again by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rehearsal.world.operator import OperatorError
from rehearsal.world.progress import WaitTimeoutError, wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

PATIENCE = 180


def reboot(scenario: Scenario) -> Iterator[Check]:
    """Reboot a server in the cloud's console and wait until all that it carries is healthy."""
    row = scenario.operator.servers()[-1]
    name = row["name"]
    booted = scenario.server(name).attrs["State"]["StartedAt"]
    started = time.monotonic()
    scenario.reboot(name)

    def away() -> str | None:
        try:
            if scenario.server(name).attrs["State"]["StartedAt"] == booted:
                return "it has not gone down yet"
        except OperatorError as error:
            return str(error)
        sick = {url: scenario.operator.fetch(url) for url in row["health_urls"]}
        sick = {url: answer for url, answer in sick.items() if '"healthy"' not in answer}
        return str(sick) if sick else None

    try:
        wait_until(f"{name} serves again", away, PATIENCE)
    except WaitTimeoutError as error:
        yield Check("reboot_recovers", False, str(error))
    else:
        yield Check("reboot_recovers", True, f"{name} after {time.monotonic() - started:.0f} s")
