"""Backup and restore of a large database stay within the memory of their containers."""

from __future__ import annotations

import json
import sys

import pytest

from rehearsal.world.memory_watch import Watched, watched
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1800)]

BIN = "/usr/local/lib/fks/current/bin"
MIB = 1 << 20
# By data set: the user and the name of its database.
DATABASES = {"api": ("fks_user", "fks_trading"), "auth": ("authentik", "authentik")}
# Of the Compose services that read and write dumps.
PREFIXES = {"api": "", "auth": "auth-"}
# Five million rows, others whose index is larger than a sort may be, and some of a MiB each that
# cannot be compressed.
FILL = """\
CREATE TABLE large AS SELECT n AS id, md5(n::text) || md5((-n)::text) || md5((2 * n)::text) AS note
FROM generate_series(1, 1500000) AS n;
ALTER TABLE large ADD PRIMARY KEY (id); CREATE INDEX ON large (note);
CREATE TABLE many AS SELECT n AS id FROM generate_series(1, 5000000) AS n;
CREATE TABLE wide AS SELECT n AS id,
    (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 32768) WHERE n > 0) AS note
FROM generate_series(1, 64) AS n"""
# More than any container may use.
HUNGRY = "head -c 100m /dev/zero | tail"


def sql(scenario: Scenario, name: str, statement: str) -> str:
    user, database = DATABASES[name]
    psql = ("psql", "-v", "ON_ERROR_STOP=1", "-qtAX", "-U", user, "-d", database, "-c", statement)
    return scenario.on_server(name, "docker", "exec", f"fks-{name}-postgres-1", *psql).strip()


def within(found: Watched, *services: str) -> None:
    """These ran, and no container used all of its memory."""
    for service, (used, limit) in sorted(found.peaks.items()):
        sys.stderr.write(f"{service}: {used // MIB} of {limit // MIB} MiB\n")
    assert set(services) <= set(found.peaks)
    over = {one: pair for one, pair in found.peaks.items() if not 0 < pair[0] < pair[1]}
    assert (over, found.killed) == ({}, [])


@pytest.mark.parametrize("name", DATABASES)
def test_dump_and_proof_stay_within_their_memory(servers: Scenario, name: str) -> None:
    sql(servers, name, FILL)
    assert int(sql(servers, name, "SELECT pg_database_size(current_database())")) > 300 * MIB
    with watched(servers, name) as found:
        output = servers.on_server(name, "sh", "-c", f"{BIN}/backup {name} --json 2>/dev/null")
    (result,) = json.loads(output)["sets"]
    assert result["result"] == "ok", result
    assert int(sql(servers, name, "SELECT count(*) FROM many")) == 5_000_000
    within(found, f"{PREFIXES[name]}db-backup", f"{PREFIXES[name]}db-proof", f"{name}-postgres")


@pytest.mark.parametrize("name", DATABASES)
def test_a_restore_stays_within_its_memory(servers: Scenario, name: str) -> None:
    with watched(servers, name) as found:
        servers.on_server(name, f"{BIN}/restore", name, "prepare")
    servers.on_server(name, f"{BIN}/restore", name, "finish")
    within(found, f"{PREFIXES[name]}db-restore", f"{name}-postgres")


def test_a_container_without_enough_memory_is_seen(servers: Scenario) -> None:
    """So that the test above can fail."""
    image = servers.on_server("api", "docker", "inspect", "-f", "{{.Image}}", "fks-api-postgres-1")
    run = f"docker run --rm --name hungry -m 32m --memory-swap 32m --entrypoint sh {image.strip()}"
    with watched(servers, "api") as found:
        servers.on_server("api", "sh", "-c", f"{run} -c '{HUNGRY}' >/dev/null 2>&1; true")
    assert found.killed == ["hungry"]
