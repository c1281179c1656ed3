"""A dump of the API's database brings back what was lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

COMPOSE = "/usr/local/lib/fks/current/bin/compose"
RUN = (COMPOSE, "--profile", "backup", "run", "--rm")
BACKUP = (*RUN, "--no-deps", "-T")
WRITERS = ("api", "api-2", "api-worker", "api-beat")
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-d", "fks_trading", "-c")


def trades(scenario: Scenario, *options: str) -> Any:
    """The answer of the API's route for trades."""
    host = next(row["urls"][0] for row in scenario.operator.servers() if row["name"] == "api")
    url = f"{host}/api/v1/trades?symbol=ES"
    return json.loads(scenario.operator.stdout(["curl", "-fsS", "-m", "20", *options, url]))


def test_a_dump_restores_what_was_lost(multi: Scenario) -> None:
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    trades(multi, "-X", "POST")
    before = trades(multi)
    assert before

    (line,) = multi.on_server("api", *BACKUP, "db-backup").strip().splitlines()[-1:]
    assert line.startswith("backup ok: ")
    name = line.removeprefix("backup ok: ").partition(",")[0]
    multi.on_server("api", *SQL, "TRUNCATE trades")
    assert trades(multi) == []

    multi.on_server("api", COMPOSE, "stop", *WRITERS)
    restore = ("--entrypoint", "/bin/bash /fks/backup/restore.sh")
    assert f"restored: {name}" in multi.on_server("api", *BACKUP, *restore, "db-backup", name)
    multi.on_server("api", COMPOSE, "start", *WRITERS)
    wait_until("the API is healthy", multi.unhealthy, 120)
    assert trades(multi) == before


def test_the_plain_command_makes_a_dump_too(multi: Scenario) -> None:
    assert "backup ok: " in multi.on_server("api", *RUN, "db-backup")


def test_the_timer_of_the_night_makes_a_dump(multi: Scenario) -> None:
    multi.on_server("api", "systemctl", "start", "fks-backup.service")
    log = multi.on_server("api", "journalctl", "--quiet", "--unit=fks-backup", "--output=cat")
    assert "backup ok: " in log
    assert "enabled" in multi.on_server("api", "systemctl", "is-enabled", "fks-backup.timer")
