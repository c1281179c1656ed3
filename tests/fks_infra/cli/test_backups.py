"""`fks backup`, `fks backups` and `fks verify-backup`: which servers do what, and what is said."""

import json

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.operate.backups import done, listed, log, snapshot
from tests.fks_infra.operate.reports import GONE


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {"auth": done("auth"), "api": done("api")}
    return fake


def test_all_servers_with_data_back_up(found: FakeServers) -> None:
    result = run("backup", columns=200)
    assert (result.exit_code, result.stderr) == (0, "")
    ((command, names),) = found.commands
    assert command.endswith("bin/backup --json")
    assert names == ("auth", "api")
    text = "snapshot 1a2b3c4d, 9 rows in 2 tables as at the dump, indexes whole, 12 s"
    assert result.stdout.splitlines() == [f"auth: auth: ok: {text}", f"api: api: ok: {text}"]


def test_one_data_set_is_backed_up_where_it_is(found: FakeServers) -> None:
    assert run("backup", "api").exit_code == 0
    ((command, names),) = found.commands
    assert (command.endswith("bin/backup api --json"), names) == (True, ("api",))


def test_another_name_is_refused_before_anything_happens(found: FakeServers) -> None:
    result = run("backup", "web")
    assert result.exit_code == 2
    assert "there is no data set 'web'" in str(result.exception) + result.stderr
    assert found.commands == []


@pytest.mark.parametrize("result", ["bad", "failed"])
def test_a_backup_that_is_not_good_ends_with_1(found: FakeServers, result: str) -> None:
    found.reports = {"auth": done("auth"), "api": done("api", result, "no space")}
    shown = run("backup", columns=200)
    assert shown.exit_code == 1
    assert f"api: api: {result}: " in shown.stdout and "no space" in shown.stdout


def test_a_server_that_is_not_reached_ends_with_1(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": done("api")}
    result = run("verify-backup", "--deep")
    assert result.exit_code == 1
    assert "auth: not reached" in result.stderr
    assert found.commands[0][0].endswith("bin/backup --verify --deep --json")


def test_the_list_has_a_row_for_each_snapshot(found: FakeServers) -> None:
    unproved = {**snapshot(), "id": "00000000", "certificate": None}
    found.reports = {"auth": listed("auth"), "api": listed("api", unproved, snapshot())}
    result = run("backups", columns=100)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["server", "set", "snapshot", "age", "rows", "size", "verdict", "seconds"],
        ["api", "api", "00000000", "7", "h", "-", "2", "KiB", "unproved", "-"],
        ["api", "api", "1a2b3c4d", "7", "h", "9", "2", "KiB", "ok", "12"],
    ]


def test_a_bad_newest_backup_and_a_silent_repository_are_problems(found: FakeServers) -> None:
    bad = snapshot(verdict="bad", text="pg_restore failed")
    found.reports = {"auth": listed("auth", error="it does not answer"), "api": listed("api", bad)}
    result = run("backups", columns=100)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "auth: auth: it does not answer",
        "api: api: the newest backup is bad: pg_restore failed",
    ]


def test_json_is_the_documents_of_all_servers(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": listed("api", snapshot())}
    shown = json.loads(run("backups", "--json").stdout)
    assert (shown["stack"], shown["servers"]["api"]) == ("prod", listed("api", snapshot()))
    assert shown["servers"]["auth"] == {"reason": GONE.reason, "command": GONE.command}


def test_the_times_that_can_be_restored_are_below_the_list(found: FakeServers) -> None:
    found.reports = {"auth": listed("auth"), "api": listed("api", snapshot(), log=log())}
    result = run("backups", columns=100)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == (
        "api: api: fks restore api --to TIME reaches from 2026-11-26T02:15:00Z to "
        "2026-11-27T10:00:00Z"
    )


def test_a_broken_log_is_a_problem_of_the_list(found: FakeServers) -> None:
    found.reports = {"auth": listed("auth"), "api": listed("api", snapshot(), log=log("a gap"))}
    result = run("backups", columns=100)
    assert (result.exit_code, result.stderr) == (1, "api: api: a gap\n")


def test_a_backup_with_a_broken_log_says_so(found: FakeServers) -> None:
    document = done("api")
    document["sets"][0]["certificate"]["log"] = log("a gap")
    found.reports = {"auth": done("auth"), "api": document}
    result = run("backup", columns=200)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].endswith("indexes whole, 12 s; a gap")


def test_a_snapshot_from_the_future_is_a_problem_of_the_list(found: FakeServers) -> None:
    ahead = snapshot(time="2026-11-27T13:00:00Z")
    found.reports = {"auth": listed("auth"), "api": listed("api", ahead)}
    result = run("backups", columns=100)
    assert result.exit_code == 1
    assert result.stderr == (
        "api: api: the snapshot 1a2b3c4d of 2026-11-27T13:00:00Z is from the future: the clock was "
        "wrong then, or is now\n"
    )


def test_a_backup_by_a_wrong_clock_says_so(found: FakeServers) -> None:
    document = done("api")
    document["sets"][0]["certificate"]["clock"] = False
    found.reports = {"auth": done("auth"), "api": document}
    line = run("backup", columns=200).stdout.splitlines()[-1]
    assert line.endswith("12 s; the server's clock is not synchronized")
