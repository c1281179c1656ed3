"""`fks fit`: plans by the peaks of the servers."""

import json
from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.conftest import ScriptedApi
from tests.fks_infra.operate.reports import GONE

MIB = 1 << 20


def peaks(memory: int) -> dict[str, Any]:
    """One day of one sample."""
    day = {"cpu": 0.2, "memory": memory * MIB, "swap": None, "disk": 9000 * MIB}
    days = {"2026-11-27": {**day, "containers": {"edge": 20 * MIB}, "samples": 1}}
    return {"days": days, "time": "2026-11-27T12:00:00Z"}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, api: ScriptedApi) -> FakeServers:
    """Linode does not answer."""
    monkeypatch.setenv("LINODE_URL", api.base)
    return servers.install(monkeypatch)


def test_a_table_for_a_server(found: FakeServers) -> None:
    found.reports = {"api": peaks(3900)}
    result = run("fit", "api", columns=160)
    assert result.exit_code == 0, result.stderr
    text = " ".join(result.stdout.replace("│", " ").split())
    assert "g6-standard-2 * 24 4096 3664 196 72920 tight" in text
    assert "g6-standard-2: memory: peak 3900 of 4096 MiB" in text
    assert "api: peaks of 1 days, 1 samples: memory 3900 MiB, disk 9000 MiB, CPU 0.2 cores" in text
    command = "sudo -n /usr/local/lib/fks/current/bin/peaks"
    assert found.commands == [(command, ("api",))]


def test_a_server_that_is_not_reached_is_judged_by_its_limits(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": peaks(100), "web": {"days": {}, "time": ""}}
    result = run("fit", columns=160)
    assert result.exit_code == 1
    text = " ".join(result.stdout.split())
    assert "auth: not reached, so these are the limits alone" in text
    assert "web: the watch has measured nothing yet" in text
    assert "auth: not reached: SSH to" in result.stderr


def test_json(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": peaks(100), "web": peaks(100)}
    document = json.loads(run("fit", "--json").stdout)["servers"]
    assert document["auth"]["peaks"] is None
    assert document["api"]["peaks"]["memory"] == 100
    plans = {one["plan"]: one for one in document["web"]["plans"]}
    assert (plans["g6-nanode-1"]["verdict"], plans["g6-nanode-1"]["present"]) == ("fits", True)


def test_a_wrong_server_ends_with_2(found: FakeServers) -> None:
    del found
    assert run("fit", "wbe").exit_code == 2
