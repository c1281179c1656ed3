"""`fks restore api --to TIME`: a deleted row comes back, with all others up to that second."""

from __future__ import annotations

import json
import sys
import time as clock
from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

PITR = "/var/backups/fks/pitr"
EPOCH = "SELECT extract(epoch FROM clock_timestamp())"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-qtAX", "fks_trading")


def bases(scenario: Scenario) -> list[str]:
    """The base backups; there is no directory while a lost slot is replaced."""
    listed = scenario.on_server("single", "sh", "-c", f"ls {PITR}/base 2>/dev/null || true")
    return listed.split()


def sql(scenario: Scenario, statement: str) -> str:
    return scenario.on_server("single", *SQL, "-c", statement).strip()


def rows(scenario: Scenario) -> list[str]:
    return sql(scenario, "SELECT text FROM kept ORDER BY text").split()


def now(scenario: Scenario) -> str:
    """The database's next whole second: all before are in it, whatever comes after it is not."""
    moment = float(sql(scenario, EPOCH)) + 1
    wait_until(
        "the second has passed",
        lambda: None if float(sql(scenario, EPOCH)) > moment + 1 else "not yet",
        10,
    )
    return f"{datetime.fromtimestamp(int(moment), UTC):%Y-%m-%dT%H:%M:%SZ}"


def restore(scenario: Scenario, time: str) -> str:
    return scenario.operator.output(["fks", "restore", "api", "--to", time, "--yes"])


def container(scenario: Scenario) -> dict[str, Any]:
    text = scenario.on_server("single", "docker", "inspect", "fks-api-wal-1")
    return dict(json.loads(text)[0])


def test_the_setting_adds_the_container_and_a_base_backup(fresh_single: Scenario) -> None:
    assert fresh_single.up().code == 0
    fresh_single.operator.output(["pulumi", "config", "set", "--path", "fks:backup.pitr", "true"])
    outcome = fresh_single.up()
    assert outcome.code == 0, outcome.display
    assert container(fresh_single)["State"]["Health"]["Status"] == "healthy"
    assert bases(fresh_single)
    assert fresh_single.up().changes == {}


def problems(scenario: Scenario) -> list[str]:
    """Those of `fks status` that are of the log."""
    document = json.loads(scenario.operator.stdout(["fks", "status", "--json"]))
    return [one["text"] for one in document["problems"] if "write-ahead log" in one["text"]]


def test_the_certificate_says_that_the_log_is_whole(single: Scenario) -> None:
    text = single.operator.stdout(["fks", "backup", "api", "--json"])
    (done,) = json.loads(text)["servers"]["single"]["sets"]
    log = done["certificate"]["log"]
    assert (log["problem"], log["missing"], log["slot"]) == ("", "", "active, reserved")
    assert log["earliest"] < log["latest"]
    assert f"reaches from {log['earliest']}" in single.operator.output(["fks", "backups", "api"])
    assert problems(single) == []


def test_a_file_that_is_missing_in_the_log_is_a_problem(single: Scenario) -> None:
    for _ in range(3):
        sql(single, "SELECT pg_logical_emit_message(true, 'test', 'a'); SELECT pg_switch_wal()")
    names = single.on_server("single", "sh", "-c", f"ls {PITR}/wal | grep -v partial").split()
    # The log goes on after it.
    file, aside = f"{PITR}/wal/{names[-2]}", "/root/file-of-the-log"
    single.on_server("single", "mv", file, aside)
    (text,) = problems(single)
    assert f"lacks {names[-2]}" in text
    single.on_server("single", "mv", aside, file)
    assert problems(single) == []


def test_a_deleted_row_comes_back_with_all_up_to_the_second(single: Scenario) -> None:
    sql(single, "CREATE TABLE kept (text text); INSERT INTO kept VALUES ('early')")
    sql(single, "INSERT INTO kept VALUES ('late')")
    time = now(single)
    sql(single, "DELETE FROM kept WHERE text = 'early'; INSERT INTO kept VALUES ('after')")
    clock_before = clock.monotonic()
    assert "public.kept" in restore(single, time)
    sys.stderr.write(f"restore to a time: {clock.monotonic() - clock_before:.0f} s\n")
    assert rows(single) == ["early", "late"]
    wait_until("the API is healthy", single.unhealthy, 120)
    single.operator.output(["fks", "restore", "api", "--finish", "--yes"])


def test_a_time_that_cannot_be_reached_changes_nothing(single: Scenario) -> None:
    for time, reason in (
        ("2020-01-01T00:00:00Z", "no base backup is older than"),
        ("2036-01-01T00:00:00Z", "the log does not reach"),
    ):
        with pytest.raises(RemoteCommandError, match=reason):
            restore(single, time)
    assert rows(single) == ["early", "late"]


def test_a_lost_slot_begins_a_new_base_backup_and_says_so(single: Scenario) -> None:
    before = bases(single)
    single.on_server("single", "docker", "stop", "fks-api-wal-1")
    sql(single, "SELECT pg_drop_replication_slot('fks_wal')")
    single.on_server("single", "docker", "start", "fks-api-wal-1")

    def replaced() -> str | None:
        found = bases(single)
        new = [one for one in found if one not in before and not one.endswith(".partial")]
        return None if new else f"base backups: {found}"

    wait_until("a new base backup", replaced, 120)
    assert "wal: a new slot" in single.operator.output(["fks", "logs", "api-wal"])


def test_the_nightly_backup_has_a_base_backup_within_its_memory(single: Scenario) -> None:
    before = set(bases(single))
    single.operator.output(["fks", "backup", "api"])
    assert set(bases(single)) - before
    assert container(single)["State"]["OOMKilled"] is False
    assert container(single)["RestartCount"] == 0
