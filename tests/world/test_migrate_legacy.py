"""`fks migrate from`: from an older server into one that runs, while a writer inserts there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.images import server
from rehearsal.world.legacy_server import ACKNOWLEDGED, ADDRESS, PROJECT, LegacyServer
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(3600)]

ROWS = 50_000
SSH = "/root/.ssh"
JOURNAL = "/root/.local/state/fks/migrate-dev.json"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-qtAX", "-d")
FILES = "/var/lib/docker/volumes/fks_api-data/_data"
ALL = ["api", "postgres", "redis", "worker"]


@dataclass(frozen=True)
class Both:
    """The stack, and the older server."""

    stack: Scenario
    legacy: LegacyServer

    def sql(self, statement: str) -> str:
        """In the stack's database."""
        found = self.stack.on_server("single", *SQL, "fks_trading", "-c", statement)
        return found.strip()

    def fks(self, *words: str) -> str:
        return self.stack.operator.output(["fks", "migrate", *words])

    def begin(self, *options: str) -> str:
        words = ["fks", "migrate", "from", ADDRESS, "--project", PROJECT, *options]
        return self.stack.operator.output(words)

    def killed_at(self, step: str) -> None:
        """Kill `fks migrate from` when the journal has the step."""
        command = f"fks migrate from {ADDRESS} --project {PROJECT} --yes >/tmp/migrate.log 2>&1"
        wait = f"until grep -qs '\"{step}\"' {JOURNAL} || ! kill -0 $pid; do sleep 0.1; done"
        text = f"rm -f /tmp/migrate.log; setsid {command} & pid=$!; {wait}; kill -9 $pid"
        self.stack.operator.stdout(["sh", "-c", text])

    def acknowledged(self) -> set[int]:
        """What the writer was answered, from its volume."""
        _, text = api.execute(self.legacy.service("worker"), ["cat", ACKNOWLEDGED])
        return {int(line) for line in text.splitlines()}

    def writes(self) -> None:
        before = len(self.acknowledged())
        wait_until(
            "the older server accepts rows",
            lambda: None if len(self.acknowledged()) > before else "no further row",
            60,
        )


@pytest.fixture(scope="module")
def both(single: Scenario) -> Iterator[Both]:
    """A server that runs, with a row of its own, and an older one with a writer."""
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    key = f"mkdir -p -m 700 {SSH}; ssh-keygen -q -t ed25519 -N '' -f {SSH}/id_ed25519"
    single.operator.output(["sh", "-c", key])
    public = single.operator.output(["cat", f"{SSH}/id_ed25519.pub"])
    with LegacyServer.started(single.world.client, server().tag, public, ROWS) as legacy:
        found = Both(single, legacy)
        found.sql("INSERT INTO trades (symbol) VALUES ('OWN')")
        yield found
    single.operator.output(["rm", "-rf", SSH])


def test_a_server_whose_key_is_not_known_is_refused(both: Both) -> None:
    with pytest.raises(RemoteCommandError, match=r"host key is not known(.|\n)*Next: ssh root@"):
        both.begin("--look")
    both.stack.operator.output(["sh", "-c", f"echo '{both.legacy.host_key()}' >{SSH}/known_hosts"])
    assert "data set api" in both.begin("--look")
    both.writes()


def test_a_killed_move_goes_on_and_loses_no_row(both: Both) -> None:
    for step in ("first copy", "close", "last copy", "exchange"):
        both.killed_at(step)
        assert f"from {ADDRESS} to the stack" in both.fks("status")
    shown = both.begin("--yes")
    assert "is stopped and keeps its data" in shown
    assert both.legacy.running() == []
    counts = "SELECT symbol, count(*) FROM trades GROUP BY symbol ORDER BY symbol"
    assert both.sql(counts).splitlines()[0] == f"ES|{ROWS}"
    assert both.sql("SELECT count(*) FROM kept") == "5000"
    kept = both.stack.on_server("single", "cat", f"{FILES}/acknowledged").split()
    assert len(kept) > 10
    found = both.sql("SELECT id FROM trades WHERE symbol = 'NQ'").split()
    assert {*kept} <= {*found}
    assert both.stack.unhealthy() is None


def test_the_way_back_starts_the_older_server(both: Both) -> None:
    both.sql("INSERT INTO trades (symbol) VALUES ('SINCE')")
    assert "serve; the stack has its own data again" in both.fks("back", "--yes")
    assert both.sql("SELECT symbol FROM trades WHERE symbol IN ('OWN', 'SINCE')") == "OWN"
    assert both.legacy.running() == ALL
    both.writes()
    both.stack.operator.output(["fks", "restore", "api", "--finish", "--yes"])


def test_a_session_of_another_client_ends_the_move(both: Both) -> None:
    sleep = "psql -U trader -d old_trading -c 'SELECT pg_sleep(600)'"
    both.legacy.service("postgres").exec_run(["sh", "-c", sleep], detach=True)
    with pytest.raises(RemoteCommandError, match=r"is open still(.|\n)*serve as before"):
        both.begin("--yes")
    assert both.legacy.running() == ALL
    both.writes()
    both.legacy.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query ~ 'pg_sleep' AND pid <> pg_backend_pid()"
    )


def test_a_finished_move_keeps_the_older_server(both: Both) -> None:
    both.begin("--yes")
    assert "their data are there still" in both.fks("finish", "--yes")
    assert both.legacy.running() == []
    assert both.sql("SELECT count(*) FROM trades WHERE symbol = 'OWN'") == "0"
    names = both.sql("SELECT datname FROM pg_database WHERE datname ~ 'fks_trading'")
    assert names == "fks_trading"
    assert both.stack.unhealthy() is None
