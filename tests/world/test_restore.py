"""`fks restore`: a backup is put into service, and the data of before stay until the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.world.operator import UP, RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from rehearsal.world.sftp_host import SftpHost
from tests.world.http_requests import request

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

DUMPS = "/var/backups/fks/postgres"
BIN = "/usr/local/lib/fks/current/bin"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-qtAX", "-d")
AUTH_SQL = ("docker", "exec", "fks-auth-postgres-1", "psql", "-U", "authentik", "-qtAX", "-c")
# The image has no shell.
READ = ("python3", "-c", "print(open('/data/media/logo.svg').read())")
NAMES = "SELECT datname FROM pg_database WHERE datname LIKE 'fks_trading%'"


def trades(scenario: Scenario, *options: str) -> Any:
    """The answer of the API's route for trades."""
    host = next(row["urls"][0] for row in scenario.operator.servers() if row["name"] == "api")
    url = f"{host}/api/v1/trades?symbol=ES"
    return json.loads(scenario.operator.stdout(["curl", "-fsS", "-m", "20", *options, url]))


def sql(scenario: Scenario, statement: str, database: str = "fks_trading") -> str:
    return scenario.on_server("api", *SQL, database, "-c", statement).strip()


def databases(scenario: Scenario) -> list[str]:
    return sorted(sql(scenario, NAMES, "postgres").splitlines())


def restore(scenario: Scenario, *options: str) -> str:
    return scenario.operator.output(["fks", "restore", "api", *options])


def state(scenario: Scenario) -> dict[str, Any]:
    """The record of the restore."""
    text = scenario.operator.stdout(["fks", "restore", "api", "--status", "--json"])
    return dict(json.loads(text)["restore"])


def fails(scenario: Scenario, *command: str) -> str:
    """What a command on the server prints before it fails."""
    with pytest.raises(RemoteCommandError) as caught:
        scenario.on_server("api", *command)
    return str(caught.value)


@pytest.fixture(scope="module")
def backed_up(servers: Scenario) -> list[Any]:
    """The rows of a backup that was proved; names with quotes and a large object are in it."""
    for _ in range(3):
        trades(servers, "-X", "POST")
    sql(
        servers,
        'CREATE TABLE "Odd ""Name""" (a text); INSERT INTO "Odd ""Name""" VALUES (\'ä\'); '
        "CREATE TABLE nothing (); SELECT lo_from_bytea(0, 'abc')",
    )
    servers.on_server("api", "systemctl", "start", "fks-backup.service")
    return list(trades(servers))


@pytest.fixture
def restored(servers: Scenario, backed_up: list[Any]) -> Iterator[Scenario]:
    """The server, on which no restore is left afterwards."""
    assert backed_up
    yield servers
    if len(databases(servers)) > 1:
        restore(servers, "--finish", "--yes")


def test_lost_rows_come_back_and_later_ones_are_kept_until_the_end(
    restored: Scenario, backed_up: list[Any]
) -> None:
    sql(restored, "TRUNCATE trades")
    added = trades(restored, "-X", "POST")
    shown = restore(restored, "--yes")
    assert "public.trades: 1 rows now, 3 in the backup" in shown
    assert trades(restored) == backed_up
    assert state(restored)["seconds"] > 0
    assert sql(restored, "SELECT count(*) FROM trades", "fks_trading_before") == "1"
    trades(restored, "-X", "POST")
    assert len(trades(restored)) == 4

    restore(restored, "--undo", "--yes")
    assert [one["id"] for one in trades(restored)] == [added["id"]]
    restore(restored, "--undo", "--yes")
    assert len(trades(restored)) == 4
    shown = restored.on_server("api", "fks", "restore", "api", "--finish", "--yes")
    assert databases(restored) == ["fks_trading"]


def test_without_a_terminal_nothing_is_exchanged(restored: Scenario) -> None:
    before = trades(restored)
    shown = fails(restored, "fks", "restore", "api")
    assert "add --yes" in shown
    assert trades(restored) == before
    assert databases(restored) == ["fks_trading"]


def test_a_damaged_dump_leaves_the_present_data(restored: Scenario) -> None:
    before = trades(restored)
    copy = (
        f"old=$(ls {DUMPS}/*.dump | tail -1); cp -p $old {DUMPS}/damaged.dump; "
        f"cp -p ${{old%.dump}}.tables {DUMPS}/damaged.tables; truncate -s -300 {DUMPS}/damaged.dump"
    )
    restored.on_server("api", "bash", "-c", copy)
    shown = fails(restored, "fks", "restore", "api", "--yes", "--dump", "damaged.dump")
    assert "its checksum differs" in shown
    assert trades(restored) == before
    assert databases(restored) == ["fks_trading"]
    assert "no file in" in fails(restored, "fks", "restore", "api", "--yes", "--dump", "none.dump")


def test_data_that_are_not_healthy_are_put_back(restored: Scenario) -> None:
    before = trades(restored)
    restored.on_server("api", f"{BIN}/restore", "api", "prepare")
    # The API then cannot create its tables when it starts.
    read_only = "ALTER DATABASE fks_trading_restoring SET default_transaction_read_only = on"
    sql(restored, read_only, "postgres")
    shown = fails(restored, f"{BIN}/restore", "api", "exchange", "--healthy-wait=180")
    assert "were not put into service" in shown
    assert "data of before serve again" in shown
    assert trades(restored) == before
    assert state(restored)["state"] == "failed"


# The last step that has ended when the program is killed.
@pytest.mark.parametrize("step", ["check", "restore", "close", "stop", "rename", "start"])
def test_a_killed_restore_goes_on(restored: Scenario, backed_up: list[Any], step: str) -> None:
    command = "prepare" if step in ("check", "restore") else "exchange"
    if command == "exchange":
        restored.on_server("api", f"{BIN}/restore", "api", "prepare")
    kill = (
        f"{BIN}/restore api {command} >/tmp/restore.out 2>&1 & "
        f"until grep -q '^{step} ' /tmp/restore.out || ! kill -0 $!; do sleep 0.02; done; "
        "kill -9 $! || true"
    )
    restored.on_server("api", "bash", "-c", kill)
    wait_until(
        "the commands of the killed program have ended",
        lambda: (
            restored.on_server(
                "api", "bash", "-c", "flock -n /var/lib/fks/deploy.lock true || echo locked"
            ).strip()
            or None
        ),
        120,
    )
    restore(restored, "--yes")
    assert trades(restored)[:3] == backed_up
    assert state(restored)["state"] == "exchanged"
    assert databases(restored) == ["fks_trading", "fks_trading_before"]


def test_a_locked_stack_is_left_alone(restored: Scenario) -> None:
    restored.operator.output(["fks", "lock", "--reason", "test"])
    try:
        assert "the stack is locked" in fails(restored, "fks", "restore", "api", "--yes")
    finally:
        restored.operator.output(["fks", "unlock"])
    assert databases(restored) == ["fks_trading"]


def test_a_snapshot_of_each_data_set_is_restored(restored: Scenario) -> None:
    restored.on_server("auth", *AUTH_SQL, "CREATE TABLE kept AS SELECT 7 AS number")
    restored.operator.output(["fks", "backup", "all"])
    rows = trades(restored)
    sql(restored, "TRUNCATE trades")
    restored.on_server("auth", *AUTH_SQL, "DROP TABLE kept")
    assert " of snapshot " in restore(restored, "--snapshot", "latest", "--yes")
    assert trades(restored) == rows

    auth = ["fks", "restore", "auth", "--yes"]
    restored.operator.output([*auth, "--snapshot", "latest"])
    assert restored.on_server("auth", *AUTH_SQL, "SELECT number FROM kept").strip() == "7"
    assert restored.unhealthy("auth") is None
    restored.operator.output([*auth, "--finish"])


DATA = "/var/lib/docker/volumes/fks_auth-data"
PICTURE = f"{DATA}/_data/media/logo.svg"


def test_the_files_of_a_snapshot_come_back_with_its_rows(restored: Scenario) -> None:
    write = f"install -d -o 1000 -g 1000 {DATA}/_data/media && echo old >{PICTURE}"
    restored.on_server("auth", "sh", "-c", write)
    restored.operator.output(["fks", "backup", "all"])
    restored.on_server("auth", "sh", "-c", f"echo new >{PICTURE}")
    auth = ["fks", "restore", "auth", "--yes"]
    shown = restored.operator.output([*auth, "--snapshot", "latest"])
    assert "files: auth-data" in shown

    def picture() -> str:
        """As the container sees it."""
        return restored.in_service("auth", "auth-server", *READ).strip()

    assert picture() == "old"
    assert restored.unhealthy("auth") is None
    owner = ["stat", "-c", "%u", f"{DATA}/_data", f"{DATA}/_data/media"]
    assert restored.on_server("auth", *owner).split() == ["1000", "1000"]
    restored.operator.output([*auth, "--undo"])
    assert picture() == "new"

    # After the last step but one of an exchange: the files have other names, nothing runs.
    kill = (
        f"{BIN}/restore auth undo >/tmp/restore.out 2>&1 & "
        "until grep -q '^rename ' /tmp/restore.out || ! kill -0 $!; do sleep 0.02; done; "
        "kill -9 $! || true"
    )
    restored.on_server("auth", "bash", "-c", kill)
    free = "flock -w 120 /var/lib/fks/deploy.lock true"
    restored.on_server("auth", "bash", "-c", free)
    restored.operator.output(auth)
    assert picture() == "old"
    restored.operator.output([*auth, "--finish"])
    assert restored.on_server("auth", "ls", DATA).split() == ["_data"]


def test_a_dump_leaves_the_files(restored: Scenario) -> None:
    restored.on_server("auth", "sh", "-c", f"install -D /dev/null {PICTURE}; echo now >{PICTURE}")
    auth = ["fks", "restore", "auth", "--yes"]
    assert "files: those of now stay: a dump has none" in restored.operator.output(auth)
    assert restored.on_server("auth", "cat", PICTURE).strip() == "now"
    restored.operator.output([*auth, "--finish"])


WORKER, JOBS = "fks-api-worker-1", "/api/jobs?name=waiting&seconds=0&count=3"


def test_the_tasks_that_waited_in_a_snapshot_run_when_they_are_wanted(restored: Scenario) -> None:
    def unfinished() -> str | None:
        jobs = request(restored, "api", "/api/jobs").json
        found = [jobs[name] for name in jobs if name.startswith("waiting-")]
        return None if len(found) == 3 and all(one[-1]["finished"] for one in found) else str(jobs)

    restored.on_server("api", "docker", "stop", WORKER)
    assert request(restored, "api", JOBS, "--request", "POST").status == 202
    restored.operator.output(["fks", "backup", "api"])
    restored.on_server("api", "docker", "start", WORKER)
    wait_until("the tasks have run", unfinished, 120)
    shown = restore(restored, "--snapshot", "latest", "--queue", "--yes")
    assert "api-queue-data of the snapshot" in shown
    # Their rows went with the present data.
    wait_until("the tasks have run again", unfinished, 120)
    assert restored.unhealthy("api") is None
    restore(restored, "--undo", "--yes")
    assert unfinished() is None
    restore(restored, "--finish", "--yes")
    queue = "/var/lib/docker/volumes/fks_api-queue-data"
    assert restored.on_server("api", "ls", queue).split() == ["_data"]


def test_a_server_that_was_lost_gets_the_data_of_its_last_backup(restored: Scenario) -> None:
    image = str(restored.server("api").attrs["Image"])
    with SftpHost.started(restored.world.client, image) as host:
        restored.set("fks:backup.repository", host.repository)
        restored.set("fks:backup.hostKey", host.host_key)
        restored.set_secret("fks:backupSshKey", host.private_key)
        outcome = restored.up()
        assert outcome.code == 0, outcome.display
        sql(restored, "CREATE ROLE reports; GRANT SELECT ON trades TO reports")
        restored.operator.output(["fks", "backup", "all"])
        rows = trades(restored)
        restored.delete_outside("api")
        outcome = restored.operator.pulumi(*UP, "--refresh")
        assert outcome.code == 0, outcome.display
        assert trades(restored) == []
        assert "the role reports was not here" in restore(restored, "--yes")
        assert trades(restored) == rows
        asked = "SELECT has_table_privilege('reports', 'trades', 'SELECT')"
        assert sql(restored, asked) == "t"
