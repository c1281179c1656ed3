"""A restore proves a dump of the API's database, or finds its damage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

COMPOSE = "/usr/local/lib/fks/current/bin/compose"
RUN = (COMPOSE, "--profile", "backup", "run", "--rm")
PROVE = f"{COMPOSE} --profile backup run --rm --no-deps -T db-proof 2>&1"
DUMPS = "/var/backups/fks/postgres"
WRITES = "/tmp/writes"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-d", "fks_trading", "-c")


def trades(scenario: Scenario, *options: str) -> Any:
    """The answer of the API's route for trades."""
    host = next(row["urls"][0] for row in scenario.operator.servers() if row["name"] == "api")
    url = f"{host}/api/v1/trades?symbol=ES"
    return json.loads(scenario.operator.stdout(["curl", "-fsS", "-m", "20", *options, url]))


def test_the_stack_has_a_row(multi: Scenario) -> None:
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    trades(multi, "-X", "POST")
    assert trades(multi)


def test_the_plain_command_makes_a_dump_too(multi: Scenario) -> None:
    assert "backup ok: " in multi.on_server("api", *RUN, "db-backup")


def shell(scenario: Scenario, text: str) -> str:
    return scenario.on_server("api", "bash", "-c", text)


def newest(scenario: Scenario) -> str:
    """The newest dump, without .dump."""
    dump = shell(scenario, f"ls {DUMPS}/*.dump | tail -1").strip()
    return dump.removesuffix(".dump")


def backup(scenario: Scenario) -> dict[str, Any]:
    """What `fks status` shows of the backup."""
    text = scenario.operator.stdout(["fks", "status", "api", "--json"])
    return dict(json.loads(text)["servers"]["api"]["backup"]["sets"]["api"])


def test_the_night_makes_a_dump_and_proves_it_while_a_writer_inserts(multi: Scenario) -> None:
    host = next(row["urls"][0] for row in multi.operator.servers() if row["name"] == "api")
    insert = f"curl -fsS -m 20 -o /dev/null -X POST {host}/api/v1/trades?symbol=NQ"
    writer = f"touch {WRITES}; while [ -e {WRITES} ]; do {insert} && echo >>{WRITES}; done"
    multi.operator.output(["sh", "-c", f"setsid sh -c '{writer}' >/dev/null 2>&1 &"])
    acknowledged = len(multi.operator.output(["cat", WRITES]).splitlines())
    before = len(trades(multi))
    multi.on_server("api", "systemctl", "start", "fks-backup.service")
    after = len(trades(multi))
    multi.operator.output(["rm", WRITES])
    log = multi.on_server("api", "journalctl", "--quiet", "--unit=fks-backup", "--output=cat")
    assert "backup ok: " in log and "proof ok: " in log
    assert "enabled" in multi.on_server("api", "systemctl", "is-enabled", "fks-backup.timer")
    tables = [json.loads(one) for one in shell(multi, f"cat {newest(multi)}.tables").splitlines()]
    rows = {one[0]: one[1] for one in tables[1:]}
    assert acknowledged <= before <= rows["public.trades"] <= after
    found = backup(multi)
    assert (found["proof"]["verdict"], found["proof"]["tables"]) == ("ok", len(rows) - 1)
    assert found["proved"] == found["age"]


# What is done to a copy of the newest dump, and what the proof says.
DAMAGE = {
    "a truncated dump": ("truncate -s -200 $new.dump", "its checksum differs"),
    "changed bytes": (
        "at=$(($(stat -c %s $new.dump) * 3 / 4)); "
        "printf damaged | dd of=$new.dump bs=1 seek=$at conv=notrunc",
        "its checksum differs",
    ),
    "an empty dump": (": >$new.dump", "there is no such dump, or it is empty"),
    "a table without rows": (
        "sed -i '/public.trades/s/, [0-9]*,/, 0,/' $new.tables",
        "2 lines of rows and checksums differ",
    ),
    "no list of tables": ("rm $new.tables", "its list of tables is missing"),
}


def prove_copy(scenario: Scenario, age: str, damage: str) -> str:
    """What the proof says of a copy of the newest dump, named by its age, after the damage."""
    copy = (
        f"old={newest(scenario)}; new={DUMPS}/fks_trading-$(date -u -d '{age}' +%Y%m%dT%H%M%SZ); "
        "for one in dump tables; do cp -p $old.$one $new.$one; done"
    )
    prove = f"{PROVE} || echo code $?; rm $new.*"
    return shell(scenario, f"{copy}; {damage} 2>&1; {prove}")


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_dump_is_called_bad(multi: Scenario, name: str) -> None:
    damage, reason = DAMAGE[name]
    found = prove_copy(multi, "now", damage)
    assert "proof bad: " in found and reason in found and "code 1" in found


def test_an_old_dump_with_a_newer_name_is_called_bad(multi: Scenario) -> None:
    found = prove_copy(multi, "1 hour", "true")
    assert "an older dump with a newer name" in found and "code 1" in found


def test_a_bad_backup_is_a_problem_of_the_status(multi: Scenario) -> None:
    shell(multi, f": >{newest(multi)}.dump; {PROVE} || true")
    text = multi.operator.stdout(["fks", "status", "api", "--json"])
    problems = [one["text"] for one in json.loads(text)["problems"]]
    assert any("is bad: there is no such dump, or it is empty" in one for one in problems)
    multi.on_server("api", "systemctl", "start", "fks-backup.service")
    assert backup(multi)["proof"]["verdict"] == "ok"


def test_a_dump_from_the_future_proves_nothing(multi: Scenario) -> None:
    dump = f"{newest(multi)}.dump"
    shell(multi, f"cp -p {dump} {dump}.times; touch -d '+3 hours' {dump}")
    text = multi.operator.stdout(["fks", "status", "api", "--json"])
    shell(multi, f"touch -r {dump}.times {dump}; rm {dump}.times")
    problems = [one["text"] for one in json.loads(text)["problems"]]
    assert any("is 3.0 h ahead of the clock" in one for one in problems), problems
    assert backup(multi)["proved"] is not None
