"""Compares backups and restores of the API's database with bare pg_dump and pg_restore.

Both sides of a pair run in a container of the same service, so with the same image, limits and
weight, and on the same million rows. Requests, PostgreSQL and the backup share this machine's
processors.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from rehearsal.bench import edge
from rehearsal.bench.load import LoadClient
from rehearsal.bench.served import CALL
from rehearsal.bench.timing import Figure, ratios
from rehearsal.world.progress import step
from rehearsal.world.scenario import Scenario

SERVER = "api"
ROWS = 1_000_000
# Seconds of one measurement of requests, and how many without a backup.
WINDOW, WINDOWS = 3, 4
_BIN = "/usr/local/lib/fks/current/bin"
_RUN = (f"{_BIN}/compose", "--profile", "backup", "run", "--rm", "--no-deps", "-T")
_LOGIN = "PGPASSWORD=$(cat /run/secrets/$PASSWORD_SECRET) PGUSER=$POSTGRES_USER exec nice -n 10"
_DUMP = f"{_LOGIN} pg_dump -Fc --file=/backups/bare.dump $POSTGRES_DB"
_RESTORE = f"{_LOGIN} pg_restore --dbname=bench --exit-on-error /backups/"
_DUMPS = "/var/backups/fks/postgres"
_PSQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-qtAX", "-v", "ON_ERROR_STOP=1")
_SQL = (*_PSQL, "-U", "fks_user", "-d", "fks_trading", "-c")
_FILL = f"""\
CREATE TABLE bench AS SELECT n AS id, now() - n * interval '1 second' AS made,
    (ARRAY['ES', 'NQ', 'GC', 'CL'])[1 + n % 4] AS symbol,
    (random() * 10000)::numeric(12, 4) AS price, md5(n::text) AS note
FROM generate_series(1, {ROWS}) AS n;
ALTER TABLE bench ADD PRIMARY KEY (id); CREATE INDEX ON bench (made); ANALYZE bench"""


@dataclass
class Times:
    """Of each run: seconds of each side, seconds of each step of our restore, and the medians of
    response times in milliseconds, during a backup and before it."""

    dump: list[float] = field(default_factory=list)
    proved: list[float] = field(default_factory=list)
    bare_dump: list[float] = field(default_factory=list)
    restore: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)
    bare_restore: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)


def measure_backups(scenario: Scenario, runs: int) -> list[Figure]:
    """Backups, restores, and requests during a backup. RuntimeError for a response other than 200,
    RemoteCommandError for a backup or a restore that fails."""
    times = Times()
    url = next(one["urls"][0] for one in scenario.operator.servers() if one["name"] == SERVER)
    with (
        prepared(scenario),
        LoadClient.started(scenario.world.client, scenario.server("web")) as load,
    ):
        for number in range(1, runs + 1):
            with step(f"backup and restore of {ROWS} rows, run {number} of {runs}") as current:
                dumps(scenario, times)
                restores(scenario, times)
                requests(scenario, load, f"{url}{CALL}", times)
                current.detail = (
                    f"dump {times.dump[-1]:.1f} s, bare {times.bare_dump[-1]:.1f} s, "
                    f"restore {times.restore[-1]:.1f} s, bare {times.bare_restore[-1]:.1f} s"
                )
    return figures(times)


@contextmanager
def prepared(scenario: Scenario) -> Iterator[None]:
    """Fill a table, and lift the rate limit of the requests."""
    limits = f"{edge.NGINX}/snippets/limits.conf"
    sql(scenario, _FILL)
    with ExitStack() as stack:
        stack.callback(sql, scenario, "DROP TABLE bench")
        stack.enter_context(edge.updates_stopped(scenario, SERVER))
        stack.enter_context(edge.changed(scenario, SERVER, limits, edge.without_rate_limit))
        yield


def dumps(scenario: Scenario, times: Times) -> None:
    """Our step, and the bare one."""
    times.dump.append(seconds(scenario, *_RUN, "db-backup"))
    bare = ("--entrypoint", "bash", "db-backup", "-c", _DUMP)
    times.bare_dump.append(seconds(scenario, *_RUN, *bare))
    scenario.on_server(SERVER, "rm", f"{_DUMPS}/bare.dump")


def restores(scenario: Scenario, times: Times) -> None:
    """`bin/restore api prepare` of the newest dump, and a bare pg_restore of the same one."""
    dump = scenario.on_server(SERVER, "sh", "-c", f"cd {_DUMPS} && ls *.dump | tail -n 1").strip()
    restore = (f"{_BIN}/restore", SERVER)
    times.restore.append(seconds(scenario, *restore, "prepare", "--dump", dump))
    for name, value in steps(scenario).items():
        times.steps.setdefault(name, []).append(value)
    scenario.on_server(SERVER, *restore, "finish")
    sql(scenario, "CREATE DATABASE bench")
    bare = ("--entrypoint", "bash", "db-restore", "-c", f"{_RESTORE}{dump}")
    times.bare_restore.append(seconds(scenario, *_RUN, *bare))
    sql(scenario, "DROP DATABASE bench")


def steps(scenario: Scenario) -> dict[str, float]:
    """The seconds of each step of the last restore in the journal."""
    lines = scenario.on_server(SERVER, "cat", "/var/lib/fks/journal.jsonl").splitlines()
    found = [one for one in map(json.loads, lines) if one.get("kind") == "restore"][-1]
    return {one["name"]: float(one["seconds"]) for one in found["steps"]}


def requests(scenario: Scenario, load: LoadClient, url: str, times: Times) -> None:
    """Requests one after the other: first alone, then while a backup is made and proved."""
    load.run(url, WINDOW, 1)
    times.before.append(statistics.median(response(load, url) for _ in range(WINDOWS)))
    with ThreadPoolExecutor(max_workers=1) as executor:
        backup = executor.submit(seconds, scenario, f"{_BIN}/backup", SERVER)
        during = [response(load, url)]
        while not backup.done():
            during.append(response(load, url))
        times.proved.append(backup.result())
    times.during.append(statistics.median(during))


def response(load: LoadClient, url: str) -> float:
    """The median of the response times in one window, in milliseconds."""
    result = load.run(url, WINDOW, 1)
    result.verify()
    return result.p50


def seconds(scenario: Scenario, *command: str) -> float:
    """Run a command on the server; returns how long it took."""
    started = time.monotonic()
    scenario.on_server(SERVER, *command)
    return time.monotonic() - started


def sql(scenario: Scenario, statements: str) -> None:
    """Run statements in the API's database."""
    scenario.on_server(SERVER, *_SQL, statements)


def figures(times: Times) -> list[Figure]:
    """The ratios, and the seconds and milliseconds they are made of. Prepare also reads the present
    data, while pg_restore works, to say what would be lost, and makes the statistics."""
    pairs = zip(times.steps["restore"], times.steps["compare"], strict=True)
    compared = [restore + compare for restore, compare in pairs]
    return [
        ratios("dump with counts and checksums / pg_dump", times.dump, times.bare_dump, "<= 1.3"),
        ratios("backup with upload and proof / pg_dump", times.proved, times.bare_dump),
        Figure("pg_dump", tuple(times.bare_dump), "s"),
        ratios(
            "restore, compared with the dump / pg_restore", compared, times.bare_restore, "<= 1.3"
        ),
        ratios("restore, all of prepare / pg_restore", times.restore, times.bare_restore),
        *(Figure(f"restore: {name}", tuple(one), "s") for name, one in times.steps.items()),
        Figure("pg_restore", tuple(times.bare_restore), "s"),
        ratios("API call during a backup / without, median", times.during, times.before),
        Figure("API call during a backup, median", tuple(times.during), "ms"),
        Figure("API call without a backup, median", tuple(times.before), "ms"),
    ]
