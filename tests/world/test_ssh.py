"""SSH is unavailable or silent while a server boots; `up` waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from fks_infra.limits import SSH_PORT
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

# Accepts connections on SSH's port and sends nothing.
SILENT = (
    f"import socket; s=socket.create_server(('', {SSH_PORT})); s.listen(50); "
    "k=[]\nwhile True: k.append(s.accept())"
)
NOISE = """#!/bin/bash
# Prints one line of 100 KB.
set -euo pipefail
head -c 100000 /dev/zero | tr '\\\\0' x
echo
"""


@contextmanager
def disturbed(scenario: Scenario, *commands: str, until: str, seconds: float) -> Iterator[None]:
    """Run shell commands on the server once it boots, and ``until`` some seconds later."""

    def disturb() -> None:
        wait_until("the server boots", lambda: _error(scenario, commands[0]), 120)
        for command in commands[1:]:
            scenario.on_server("single", "sh", "-c", command)
        time.sleep(seconds)
        scenario.on_server("single", "sh", "-c", until)

    with ThreadPoolExecutor(max_workers=1) as executor:
        disturbance = executor.submit(disturb)
        yield
    disturbance.result()


def _error(scenario: Scenario, command: str) -> str | None:
    try:
        scenario.on_server("single", "sh", "-c", command)
    except RemoteCommandError as error:
        return str(error)
    return None


def rebuild(scenario: Scenario, generation: int) -> None:
    """Rebuild the server; it must serve, and the next `up` must change nothing."""
    scenario.unprotect()
    scenario.set("fks:generation.single", str(generation))
    outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    assert scenario.unhealthy() is None
    assert scenario.up().changes == {}


def test_up_waits_for_a_port_that_is_closed_for_a_minute(single: Scenario) -> None:
    with disturbed(
        single, "systemctl mask --now --runtime ssh.service",
        until="systemctl unmask --runtime ssh.service && systemctl start ssh.service",
        seconds=60,
    ):  # fmt: skip
        rebuild(single, 1)


def test_up_waits_for_a_port_that_accepts_and_stays_silent(single: Scenario) -> None:
    single.unprotect()
    assert single.destroy().code == 0
    with disturbed(
        single, "systemctl mask --now --runtime ssh.service",
        f'systemd-run --unit=fks-silent python3 -c "{SILENT}"',
        until="systemctl stop fks-silent && systemctl unmask --runtime ssh.service "
        "&& systemctl start ssh.service",
        seconds=30,
    ):  # fmt: skip
        rebuild(single, 2)


def test_a_line_of_a_hundred_kilobytes_does_not_block(single: Scenario) -> None:
    step = "host/bootstrap.d/90-noise.sh"
    try:
        single.operator.output(["sh", "-c", f"cat >{step} <<'EOF'\n{NOISE}EOF\nchmod 755 {step}"])
        outcome = single.up()
        assert outcome.code == 0, outcome.display
    finally:
        single.operator.output(["rm", "-f", step])
    assert single.up().code == 0
