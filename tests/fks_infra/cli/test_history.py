"""`fks history`: the timeline, its warnings, its exit codes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli.history import start
from fks_infra.errors import OperatorError
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.cli.test_deploy import history
from tests.fks_infra.operate.reports import GONE
from tests.fks_infra.operate.test_timeline import DEPLOY, FAILED, document
from tests.fks_infra.operate.test_updates import UPDATE

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, pulumi: Path) -> FakeServers:
    """Pulumi's own history is empty."""
    assert pulumi.is_dir()
    fake = servers.install(monkeypatch)
    later = {**FAILED, "time": "2026-11-27T11:00:00Z"}
    fake.reports = {"auth": document(), "api": document(later), "web": document(DEPLOY)}
    return fake


def test_one_timeline_within_60_columns(found: FakeServers) -> None:
    result = run("history")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("2026-11-27 10:00:00 web: deploy: release 3f2a91c0d4e5")
    assert any(line.startswith("2026-11-27 11:00:00 api: deploy") for line in lines)
    assert all(len(line) <= 60 for line in lines) and result.stdout.isascii()
    command = "sudo -n /usr/local/lib/fks/current/bin/history"
    assert found.commands == [(command, ("auth", "api", "web"))]


def test_json_has_events_warnings_and_servers_that_were_not_reached(found: FakeServers) -> None:
    found.reports = {**found.reports, "auth": GONE, "web": document(damaged=[2])}
    result = run("history", "--json")
    shown: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(one["server"], one["kind"]) for one in shown["events"]] == [("api", "deploy")]
    assert (shown["stack"], len(shown["warnings"])) == ("prod", 1)
    assert shown["unreached"] == {"auth": {"reason": GONE.reason, "command": GONE.command}}


def test_others_are_shown_when_one_is_not_reached(found: FakeServers) -> None:
    found.reports = {**found.reports, "auth": GONE}
    result = run("history")
    assert result.exit_code == 1
    assert "auth: not reached: SSH to 100.64.0.3" in result.stderr
    assert f"  next: {GONE.command}" in result.stderr
    assert "web: deploy" in result.stdout


def test_no_server_and_a_wrong_server_end_with_2(found: FakeServers) -> None:
    wrong = "stack prod has no server 'apl'; it has auth, api, web. "
    assert run("history", "apl").stderr.startswith(wrong)
    found.reports = dict.fromkeys(servers.NAMES, GONE)
    assert run("history").exit_code == run("history", "apl").exit_code == 2


def test_updates_by_pulumi_are_part_of_it(found: FakeServers, pulumi: Path) -> None:
    history(pulumi, [UPDATE])
    lines = run("history", "web", columns=100).stdout.splitlines()
    text = "stack: pulumi update: succeeded, by Ann, commit abababababab: Raise"
    assert lines[0].startswith(f"2026-11-26 20:31:22 {text}")
    assert json.loads(run("history", "web", "--json").stdout)["events"][0]["who"] == "Ann"
    assert len(found.commands) == 2


def test_a_history_of_pulumi_that_cannot_be_read_is_a_warning(
    found: FakeServers, pulumi: Path
) -> None:
    (pulumi / "bin" / "pulumi").write_text("#!/bin/sh\necho 'no backend' >&2; exit 1\n")
    result = run("history", "web")
    assert (result.exit_code, len(found.commands)) == (0, 1)
    assert "Pulumi's history is not shown: " in result.stderr
    assert "web: deploy" in result.stdout


def test_nothing_happened(found: FakeServers) -> None:
    result = run("history", "auth", "--since", "2026-11-01T02:00")
    assert (result.exit_code, result.stdout) == (0, "no events\n")
    assert found.commands[0][0].endswith("history --since 2026-11-01T02:00:00+00:00")


@pytest.mark.parametrize(
    ("since", "time"),
    [
        ("", ""),
        ("90m", "2026-11-27T10:30:00+00:00"),
        ("12h", "2026-11-27T00:00:00+00:00"),
        ("3d", "2026-11-24T12:00:00+00:00"),
        ("2w", "2026-11-13T12:00:00+00:00"),
        ("2026-11-27T10:00", "2026-11-27T10:00:00+00:00"),
        ("2026-11-27T10:00:00+02:00", "2026-11-27T08:00:00+00:00"),
    ],
)
def test_since(since: str, time: str) -> None:
    assert start(since, NOW) == time


@pytest.mark.parametrize("since", ["yesterday", "3", "3y", "-3d"])
def test_another_since_is_an_error_with_examples(since: str) -> None:
    with pytest.raises(OperatorError, match=f"--since '{since}' is no time: write 90s, 10m"):
        start(since, NOW)
