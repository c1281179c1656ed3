"""`fks maintenance`: a line for each server, and the exit codes."""

from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.operate.reports import GONE

MODE = {"who": "ann", "since": "2026-11-27T10:00:00Z", "message": "Back at ten."}


def document(now: dict[str, str] | None, before: dict[str, str] | None) -> dict[str, Any]:
    return {"maintenance": now, "before": before, "time": "2026-11-27T12:00:00Z"}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    monkeypatch.setenv("GITHUB_ACTOR", "bob")
    return servers.install(monkeypatch)


def test_on_for_one_server(found: FakeServers) -> None:
    found.reports = {"web": document(MODE, None)}
    result = run("maintenance", "on", "web", "--message", "Back at ten.")
    assert result.exit_code == 0
    assert result.stdout == "web: maintenance is on since 2026-11-27T10:00:00Z: Back at ten.\n"
    command = "sudo -n /usr/local/lib/fks/current/bin/maintenance on --message 'Back at ten.' --who"
    assert found.commands == [(f"{command} 'bob (GitHub)'", ("web",))]


def test_off_for_all_says_what_it_was(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": document(None, MODE), "web": document(None, None)}
    result = run("maintenance", "off")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "api: maintenance is off; it was on since 2026-11-27T10:00:00Z, by ann",
        "web: maintenance was off already",
    ]
    assert found.commands[0][0].endswith("bin/maintenance off --who 'bob (GitHub)'")


def test_no_server_and_a_wrong_one_end_with_2(found: FakeServers) -> None:
    found.reports = dict.fromkeys(NAMES, GONE)
    assert run("maintenance", "on").exit_code == run("maintenance", "off", "wbe").exit_code == 2
