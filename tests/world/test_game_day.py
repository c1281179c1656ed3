"""`make game-day` in the running world: faults are named and repaired, and the file says so."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from rehearsal.game_day.report import PATH
from rehearsal.world.names import ROOT
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1200)]

FAULTS = ("container-stopped", "server-off", "disk-full")


def game_day(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rehearsal", "game-day", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_three_faults_are_named_and_repaired(servers: Scenario) -> None:
    done = game_day(*FAULTS, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert json.loads(PATH.read_text()) == document
    assert (document["stack"], document["ok"]) == ("prod", True)
    stopped, off, full = document["faults"]
    assert [one["name"] for one in document["faults"]] == list(FAULTS)
    assert stopped["diagnosis"].startswith("api: container api-beat is exited")
    assert stopped["repair"] == ["fks exec server:api -- sudo docker restart fks-api-beat-1"]
    assert off["diagnosis"].startswith("web: SSH to ")
    assert off["advice"] == "tailscale status; fks doctor --stack prod"
    assert full["diagnosis"].startswith("api: disk /var/log is at 95 %")
    for one in document["faults"]:
        assert 0 < one["detected_seconds"] < 150 and 0 < one["repair_seconds"] < 300
    assert servers.unhealthy() is None


def test_a_fault_that_is_there_already_is_not_caused_again(servers: Scenario) -> None:
    servers.operator.output(["fks", "maintenance", "on", "web"])
    try:
        done = game_day("maintenance-forgotten")
    finally:
        servers.operator.output(["fks", "maintenance", "off"])
    assert done.returncode == 1
    assert "says this already: web: maintenance is on" in done.stdout
    assert "Next: fks maintenance off web, then this game day again" in done.stdout
