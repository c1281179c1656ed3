"""SSH misbehaves while a server comes up: each time within its bounds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

# Accepts every connection on port 22 and says nothing.
SILENT = (
    "import socket,time; s=socket.create_server(('', 22)); s.listen(50); "
    "k=[]\nwhile True: k.append(s.accept())"
)
NOISE = """#!/bin/bash
# One line of 100 KB, as a talkative program may print it.
set -euo pipefail
head -c 100000 /dev/zero | tr '\\\\0' x
echo
"""


@contextmanager
def meanwhile(scenario: Scenario, *commands: str, until: str, seconds: float) -> Iterator[None]:
    """Run shell commands on the server as soon as it is there, and ``until`` some seconds later."""

    def mischief() -> None:
        wait_until("the server boots", lambda: _run(scenario, commands[0]), 120)
        for command in commands[1:]:
            scenario.on_server("single", "sh", "-c", command)
        time.sleep(seconds)
        scenario.on_server("single", "sh", "-c", until)

    thread = threading.Thread(target=mischief)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _run(scenario: Scenario, command: str) -> str | None:
    try:
        scenario.on_server("single", "sh", "-c", command)
    except RemoteCommandError as error:
        return str(error)
    return None


def rebuilt(scenario: Scenario, generation: int) -> None:
    """Build the server anew; it must serve, and the next `up` must be quiet."""
    scenario.set("fks:protect", "false")
    scenario.set("fks:generation.single", str(generation))
    outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    assert all('"healthy"' in answer for answer in scenario.health().values())
    assert scenario.up().changes == {}


def test_a_port_that_refuses_for_a_minute_is_waited_for(single: Scenario) -> None:
    with meanwhile(
        single, "systemctl mask --now --runtime ssh.service",
        until="systemctl unmask --runtime ssh.service && systemctl start ssh.service",
        seconds=60,
    ):  # fmt: skip
        rebuilt(single, 1)


def test_a_port_that_accepts_and_stays_silent_is_waited_for(single: Scenario) -> None:
    single.set("fks:protect", "false")
    assert single.destroy().code == 0
    with meanwhile(
        single, "systemctl mask --now --runtime ssh.service",
        f'systemd-run --unit=fks-silent python3 -c "{SILENT}"',
        until="systemctl stop fks-silent && systemctl unmask --runtime ssh.service "
        "&& systemctl start ssh.service",
        seconds=30,
    ):  # fmt: skip
        rebuilt(single, 2)


def test_a_line_of_a_hundred_kilobytes_does_not_block(single: Scenario) -> None:
    step = "host/bootstrap.d/90-noise.sh"
    try:
        single.operator.output(["sh", "-c", f"cat >{step} <<'EOF'\n{NOISE}EOF\nchmod 755 {step}"])
        outcome = single.up()
        assert outcome.code == 0, outcome.display
    finally:
        single.operator.output(["rm", "-f", step])
    assert single.up().code == 0
