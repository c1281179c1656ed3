"""Checks that a rebooted server serves again without help."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rehearsal.world.progress import WaitTimeoutError, wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

TIMEOUT = 180


def reboot(scenario: Scenario) -> Iterator[Check]:
    """Reboot a server through the Linode API and wait until all its health URLs are healthy."""
    row = scenario.operator.servers()[-1]
    name = row["name"]
    booted = scenario.started_at(name)
    started = time.monotonic()
    scenario.reboot(name)

    def probe() -> str | None:
        if reason := scenario.not_restarted(name, booted):
            return reason
        responses = {url: scenario.operator.fetch(url) for url in row["health_urls"]}
        failed = {url: body for url, body in responses.items() if '"healthy"' not in body}
        return str(failed) if failed else None

    try:
        wait_until(f"{name} serves again", probe, TIMEOUT)
    except WaitTimeoutError as error:
        yield Check("reboot_recovers", False, str(error))
    else:
        yield Check("reboot_recovers", True, f"{name} after {time.monotonic() - started:.0f} s")
