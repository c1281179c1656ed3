"""`fks migrate`: from one server to three and back, while a writer inserts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest

from rehearsal.world.checks.browser_login import browser_login
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(3600)]

# About 4 GB, and half of it in a dump: the texts are random, just below the size that PostgreSQL
# compresses.
ROWS = 2_000_000
_TEXT = "string_agg(encode(sha512(concat(g, ' ', n)::bytea), 'hex'), '')"
WIDE = f"(SELECT left({_TEXT}, 1900) FROM generate_series(1, 15) n)"
STATE = "/root/.local/state/fks"
WRITES = "/tmp/moved-writes"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-U", "fks_user", "-qtAX", "-d")
STACK = "/usr/local/lib/fks/current/bin/stack"
FILES = "/var/lib/docker/volumes/fks_auth-data/_data"


def sql(scenario: Scenario, server: str, statement: str) -> str:
    return scenario.on_server(server, *SQL, "fks_trading", "-c", statement).strip()


def ids(scenario: Scenario, server: str) -> list[int]:
    """The rows of the writer."""
    found = sql(scenario, server, "SELECT id FROM trades WHERE symbol = 'NQ' ORDER BY id")
    return [int(line) for line in found.splitlines()]


def answers(scenario: Scenario) -> list[tuple[int, int]]:
    """What the writer was answered: seconds since 1970, and the row."""
    lines = scenario.operator.output(["cat", WRITES]).splitlines()
    found = (line.partition(" ") for line in lines)
    return [(int(at), json.loads(row)["id"]) for at, _, row in found]


def acknowledged(scenario: Scenario) -> list[int]:
    return [row for _, row in answers(scenario)]


def migrate(scenario: Scenario, *words: str) -> str:
    shown = scenario.operator.output(["fks", "migrate", *words, "--yes"])
    figures = re.findall(r"^(?:Writes were refused for|[a-z ]+: \d+ s$).*\n", shown, re.MULTILINE)
    sys.stderr.write("".join(figures))
    return shown


def wait_for_rows(scenario: Scenario, known: int) -> None:
    """The writer is answered again; it had `known` answers before the move."""
    before = len(acknowledged(scenario))
    wait_until(
        "rows are accepted",
        lambda: None if len(acknowledged(scenario)) > before else "no further row",
        120,
    )
    times = [at for at, _ in answers(scenario)[known - 1 :]]
    longest = max(b - a for a, b in pairwise(times))
    sys.stderr.write(f"The writer got no answer for {longest} s.\n")


def killed_at(scenario: Scenario, step: str) -> None:
    """Kill `fks migrate` when the journal has the step."""
    command = "fks migrate single-to-multi --yes --old-answers 0 >/tmp/migrate.log 2>&1"
    journal = f"{STATE}/migrate-dev.json"
    begun = f"grep -qs '\"{step}\"' {journal}"
    wait = f"until {begun} || ! kill -0 $pid; do sleep 0.1; done"
    text = f"setsid {command} & pid=$!; {wait}; kill -9 $pid"
    scenario.operator.stdout(["sh", "-c", text])
    scenario.wait_for_plugins()


def check_rows(scenario: Scenario, server: str) -> None:
    """No acknowledged row is lost, none is there twice."""
    known, found = acknowledged(scenario), ids(scenario, server)
    assert len(set(known)) == len(known)
    assert set(known) <= set(found)
    assert sql(scenario, server, "SELECT count(*) FROM archive") == str(ROWS)
    readable = "SELECT has_table_privilege('reports', 'archive', 'SELECT')"
    assert sql(scenario, server, readable) == "t"


@pytest.fixture(scope="module")
def writing(single: Scenario) -> Iterator[Scenario]:
    """One server with many rows and a file, and a writer that goes on for the whole module."""
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    # Not in `trades`, whose list the front end reads whole.
    rows = f"SELECT g AS id, {WIDE} AS text FROM generate_series(1, {ROWS}) g"
    sql(single, "single", f"CREATE TABLE archive AS {rows}")
    # The new server does not have it.
    sql(single, "single", "CREATE ROLE reports; GRANT SELECT ON archive TO reports")
    single.on_server("single", "sh", "-c", f"echo moved >{FILES}/moved")
    (host,) = {url for row in single.operator.servers() for url in row["urls"] if "//api." in url}
    insert = f"curl -fsS -m 20 -X POST {host}/api/v1/trades?symbol=NQ"
    line = f'echo "$(date +%s) $(cat {WRITES}.one)" >>{WRITES}'
    one = f"{insert} >{WRITES}.one && {line} || sleep 0.2"
    loop = f"touch {WRITES}.on; : >{WRITES}; while [ -e {WRITES}.on ]; do {one}; done"
    single.operator.output(["sh", "-c", f"setsid sh -c '{loop}' >/dev/null 2>&1 &"])
    wait_until("the writer writes", lambda: None if acknowledged(single) else "no row", 60)
    yield single
    single.operator.output(["rm", "-f", f"{WRITES}.on"])


def test_a_killed_move_goes_on_and_loses_no_row(writing: Scenario) -> None:
    known = len(answers(writing))
    killed_at(writing, "ready")
    for step in ("first copy", "close", "last copy", "exchange"):
        killed_at(writing, step)
        assert "the servers of single serve" in writing.operator.output(
            ["fks", "migrate", "status"]
        )
    killed_at(writing, "switch")
    shown = migrate(writing, "single-to-multi", "--old-answers", "0")
    assert "Writes were refused for" in shown
    wait_for_rows(writing, known)
    check_rows(writing, "api")
    assert [check for check in browser_login(writing) if not check.ok] == []
    assert writing.on_server("auth", "cat", f"{FILES}/moved").strip() == "moved"
    stopped = json.loads(writing.on_server("single", STACK, "state"))["stopped"]
    assert {*stopped} == {"auth", "api", "web"}
    assert not any(stop["keeps"] for stop in stopped.values())


def test_the_data_move_back_and_back_again_with_what_was_written_since(writing: Scenario) -> None:
    for server in ("single", "api"):
        known = len(answers(writing))
        shown = migrate(writing, "back", "--old-answers", "0")
        assert "Writes were refused for" in shown
        wait_for_rows(writing, known)
        check_rows(writing, server)


def test_the_servers_that_do_not_serve_are_deleted_at_the_end(writing: Scenario) -> None:
    shown = migrate(writing, "finish")
    assert "has the servers of multi alone" in shown
    assert {row["name"] for row in writing.operator.servers()} == {"auth", "api", "web"}
    check_rows(writing, "api")
    assert writing.unhealthy() is None
