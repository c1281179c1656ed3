"""`fks lock` and `fks unlock`: a line for each server, and the exit codes."""

from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.operate.reports import GONE

LOCK = {"who": "ann", "since": "2026-11-27T10:00:00Z", "reason": "a restore"}


def document(lock: dict[str, str] | None = None) -> dict[str, Any]:
    return {"lock": lock, "time": "2026-11-27T12:00:00Z"}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    monkeypatch.setenv("GITHUB_ACTOR", "bob")
    fake = servers.install(monkeypatch)
    fake.reports = dict.fromkeys(NAMES, document())
    return fake


def test_all_servers_are_locked_with_who_and_why(found: FakeServers) -> None:
    result = run("lock", "--reason", "don't; restore")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{name}: locked: don't; restore" for name in NAMES]
    ((command, names),) = found.commands
    assert names == NAMES
    program = "sudo -n /usr/local/lib/fks/current/bin/stack-lock set --who 'bob (GitHub)' --reason "
    assert command == program + "'don'\"'\"'t; restore'"


def test_a_lock_of_others_stays_and_a_server_that_is_gone_is_named(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": document(LOCK), "web": document()}
    result = run("lock", "--reason", "other")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "api: was locked already by ann since 2026-11-27T10:00:00Z: a restore",
        "web: locked: other",
    ]
    assert "auth: not reached" in result.stderr


def test_unlock_shows_who_had_locked_it(found: FakeServers) -> None:
    found.reports = {**found.reports, "api": document(LOCK)}
    result = run("unlock")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "auth: was not locked",
        "api: unlocked; it was locked by ann since 2026-11-27T10:00:00Z: a restore",
        "web: was not locked",
    ]


def test_an_empty_reason_and_no_server_end_with_2(found: FakeServers) -> None:
    assert run("lock", "--reason", " ").stderr.startswith("--reason is empty: write why")
    assert found.commands == []
    found.reports = dict.fromkeys(NAMES, GONE)
    assert run("unlock").exit_code == 2
