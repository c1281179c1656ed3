"""`fks upgrade`: real data moves to the next version of PostgreSQL or Authentik, and back when that
fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import upgrade_images
from tests.world.killed_command import Reached, killed_when
from tests.world.test_backup import trades
from tests.world.upgrade_images import FAILING, FIRST, NEXT, NO_RESTART, NO_START, SECOND, SERVER

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1800)]

IMAGE = "fks:services.api-postgres.image"
OLD, NEW = "fks_api-postgres-data", "fks_api-postgres-data-pg18"
SQL = ("docker", "exec", "fks-api-postgres-1", "psql", "-qtAX", "-U", "fks_user", "-d")
AUTH = ("docker", "exec", "fks-auth-postgres-1", "psql", "-qtAX", "-U", "authentik", "-c")
FILE = "Pulumi.prod.yaml"


@pytest.fixture(scope="module")
def stack(servers: Scenario) -> Scenario:
    """Three servers with data that a dump can lose: names, roles, large objects, many rows."""
    upgrade_images.push(servers.world, upgrade_images.POSTGRES)
    trades(servers, "-X", "POST")
    sql(
        servers,
        'CREATE TABLE "Many ""Rows" AS SELECT g AS id, md5(g::text) AS "Text" '
        "FROM generate_series(1, 200000) g; CREATE ROLE reader LOGIN PASSWORD 'x'; "
        'GRANT SELECT ON "Many ""Rows" TO reader; SELECT lo_from_bytea(0, \'large\')',
    )
    return servers


def sql(scenario: Scenario, statement: str) -> str:
    return scenario.on_server("api", *SQL, "fks_trading", "-c", statement).strip()


def fks(scenario: Scenario, *arguments: str) -> tuple[int, str]:
    """The exit code of `fks upgrade postgres`, and what it printed, in one line."""
    return _fks(scenario, f"postgres {' '.join(arguments)}")


def authentik(scenario: Scenario, arguments: str) -> tuple[int, str]:
    """The same of `fks upgrade authentik`."""
    return _fks(scenario, f"authentik {arguments}")


def _fks(scenario: Scenario, arguments: str) -> tuple[int, str]:
    command = f"fks upgrade {arguments} 2>&1; echo code $?"
    text = scenario.operator.stdout(["sh", "-c", command])
    code = int(text.rpartition("code ")[2])
    return code, " ".join(text.split())


def state(scenario: Scenario) -> dict[str, Any]:
    """What an upgrade that fails must leave as it was, once the deep health was read again."""
    wait_until("the servers are healthy", scenario.unhealthy, 60)
    status = json.loads(scenario.operator.stdout(["fks", "status", "api", "--json"]))
    volumes = scenario.on_server("api", "docker", "volume", "ls", "--quiet").split()
    return {
        "version": sql(scenario, "SHOW server_version"),
        "trades": trades(scenario),
        "rows": sql(scenario, 'SELECT count(*), sum(id) FROM "Many ""Rows"'),
        "maintenance": status["servers"]["api"]["maintenance"],
        "volumes": [name for name in volumes if "postgres" in name],
        "file": scenario.operator.output(["cat", FILE]),
    }


def test_a_deploy_does_not_start_another_major_version(stack: Scenario) -> None:
    stack.set(IMAGE, f"docker.io/library/postgres:{NEXT}-trixie")
    outcome = stack.up()
    # Not `{}` for the service, which the write after a failure removes.
    stack.unset("fks:services")
    assert outcome.code != 0 and "fks upgrade postgres" in outcome.display
    assert stack.unhealthy() is None


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        (NO_START, "does not start: initdb: error: invalid locale settings"),
        (NO_RESTART, "could not locate a valid checkpoint record"),
    ],
)
def test_a_version_that_fails_leaves_the_old_one_in_service(
    stack: Scenario, version: str, reason: str
) -> None:
    before = state(stack)
    code, text = fks(stack, "--to", version, "--role api --yes")
    assert code == 1 and reason in text, text
    assert state(stack) == before


def test_a_killed_upgrade_goes_on_and_is_finished(stack: Scenario) -> None:
    before = state(stack)
    start = f"fks upgrade postgres --to {NEXT} --role api --yes >/tmp/upgrade.log 2>&1"
    stack.operator.output(["sh", "-c", f"setsid sh -c '{start}' >/dev/null 2>&1 &"])
    record = "cat /var/lib/fks/upgrades/api-postgres.json || true"

    def not_begun() -> str | None:
        found = stack.on_server("api", "sh", "-c", f"{record} 2>&1")
        return None if '"copying"' in found else found

    wait_until("the copy has begun", not_begun, 300)
    stack.on_server("api", "pkill", "-9", "-f", "[b]in/upgrade-data copy")
    wait_until("fks has ended", lambda: _running(stack), 120)

    code, text = fks(stack, "--to", NEXT, "--role api --yes")
    assert code == 0, text
    assert "what an interrupted upgrade left is removed" in text
    after = state(stack)
    assert after["version"].startswith("18.")
    assert set(after["volumes"]) == {OLD, NEW}
    same = ("trades", "rows", "maintenance")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert sql(stack, "SELECT has_table_privilege('reader', '\"Many \"\"Rows\"', 'SELECT')") == "t"
    assert fks(stack, "--to", NEXT, "--role api --yes")[0] == 0

    assert fks(stack, "--finish --role api --yes")[0] == 0
    assert state(stack)["volumes"] == [NEW]
    assert stack.up().changes == {}


def _running(scenario: Scenario) -> str | None:
    found = scenario.operator.output(["sh", "-c", "pgrep -f '[f]ks upgrade postgres' || true"])
    return found.strip() or None


def test_authentiks_database_too(stack: Scenario) -> None:
    count = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM entries)"
    before = stack.on_server("auth", *AUTH, count)
    code, text = fks(stack, "--to", NEXT, "--role auth --yes")
    assert code == 0, text
    assert stack.on_server("auth", *AUTH, count) == before
    assert stack.on_server("auth", *AUTH, "SHOW server_version").startswith("18.")
    assert fks(stack, "--finish --role auth --yes")[0] == 0
    wait_until("the servers are healthy", stack.unhealthy, 120)


VERSION = "SELECT version FROM authentik_version_history ORDER BY timestamp DESC, id DESC LIMIT 1"
IMAGES = tuple(f"fks:services.{name}.image" for name in ("auth-server", "auth-worker"))


@pytest.fixture(scope="module")
def first_train(servers: Scenario) -> Scenario:
    """The three servers as if Authentik was installed two trains ago."""
    upgrade_images.push(servers.world, upgrade_images.AUTHENTIK)
    begin = (
        "TRUNCATE authentik_version_history; INSERT INTO authentik_version_history "
        f"(timestamp, version, build) VALUES (now(), '{FIRST}', '')"
    )
    servers.on_server("auth", *AUTH, begin)
    for setting in IMAGES:
        servers.set(setting, f"{SERVER}:{FIRST}")
    outcome = servers.up()
    assert outcome.code == 0, outcome.display
    return servers


def auth_state(scenario: Scenario) -> dict[str, Any]:
    """What a step that fails must leave as it was, once the deep health was read again."""
    wait_until("the servers are healthy", scenario.unhealthy, 60)
    status = json.loads(scenario.operator.stdout(["fks", "status", "auth", "--json"]))
    count = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM entries)"
    listed = scenario.on_server("auth", "docker", "volume", "ls", "--quiet").split()
    images = "docker inspect -f '{{.Config.Image}}' fks-auth-server-1 fks-auth-worker-1"
    containers = "docker ps -a --format '{{.Names}}' --filter name=fks-upgrade; docker network ls"
    return {
        "version": scenario.on_server("auth", *AUTH, VERSION).strip(),
        "rows": scenario.on_server("auth", *AUTH, count),
        "maintenance": status["servers"]["auth"]["maintenance"],
        "volumes": [name for name in listed if "postgres" in name],
        "images": scenario.on_server("auth", "sh", "-c", images),
        "left": "fks-upgrade" in scenario.on_server("auth", "sh", "-c", containers),
        "file": scenario.operator.output(["cat", FILE]),
    }


def test_another_train_needs_a_copy_and_none_is_skipped(first_train: Scenario) -> None:
    before = auth_state(first_train)
    assert (before["version"], before["left"]) == (FIRST, False)
    code, text = authentik(first_train, "--to 2026.8.6 --yes")
    assert code == 2 and "would skip 2026.5: run fks upgrade authentik --to 2026.5 first" in text
    code, text = authentik(first_train, "--to 2025.12 --yes")
    assert code == 2 and "cannot go back to 2025.12" in text, text
    for setting in IMAGES:
        first_train.set(setting, f"{SERVER}:{SECOND}")
    outcome = first_train.up()
    for setting in IMAGES:
        first_train.set(setting, f"{SERVER}:{FIRST}")
    assert outcome.code != 0 and f"Run fks upgrade authentik --to {SECOND}" in outcome.display
    assert auth_state(first_train) == before


def test_a_rehearsed_migration_changes_nothing(first_train: Scenario) -> None:
    before = auth_state(first_train)
    code, text = authentik(first_train, f"--to {SECOND} --rehearse")
    assert code == 0 and f"Authentik {FIRST} -> {SECOND}: dump " in text, text
    assert ", migration " in text
    code, text = authentik(first_train, f"--to {FAILING} --rehearse")
    assert code == 1 and 'ProgrammingError: column "roles" does not exist' in text, text
    assert auth_state(first_train) == before


def test_a_migration_that_fails_half_way_is_undone(first_train: Scenario) -> None:
    before = auth_state(first_train)
    code, text = authentik(first_train, f"--to {FAILING} --yes")
    assert code == 1 and "auth-postgres has its old data and version again" in text, text
    assert auth_state(first_train) == before


def _record(scenario: Scenario, wanted: str) -> str | None:
    record = "cat /var/lib/fks/upgrades/auth-postgres.json 2>&1 || true"
    found = scenario.on_server("auth", "sh", "-c", record)
    return None if f'"{wanted}"' in found else found


def copying(scenario: Scenario) -> str | None:
    """The database is being copied to the new volume."""
    return _record(scenario, "copying")


def copied(scenario: Scenario) -> str | None:
    """The copy is compared; the stack's file is written next."""
    return _record(scenario, "copied")


def migrating(scenario: Scenario) -> str | None:
    """The new release has the copy."""
    mounts = "{{range .Mounts}}{{.Name}} {{end}}"
    volumes = f"docker inspect -f '{mounts}' fks-auth-postgres-1 2>&1 || true"
    found = scenario.on_server("auth", "sh", "-c", volumes)
    return None if "auth-postgres-data-ak" in found else found


@pytest.mark.parametrize("reached", [copying, copied, migrating])
def test_a_killed_upgrade_of_authentik_is_undone(first_train: Scenario, reached: Reached) -> None:
    before = auth_state(first_train)
    killed_when(first_train, f"fks upgrade authentik --to {SECOND} --yes", reached, "auth")
    code, text = authentik(first_train, "--back")
    assert code == 0, text
    assert auth_state(first_train) == before


def test_authentik_goes_train_by_train(first_train: Scenario) -> None:
    before = auth_state(first_train)
    for reached in (copying, copied, migrating):
        killed_when(first_train, "fks upgrade authentik --yes", reached, "auth")
    code, text = authentik(first_train, "--yes")
    assert code == 0 and f"Authentik {FIRST} -> 2026.5 with {SERVER}:2026.5." in text, text
    assert auth_state(first_train)["version"] == SECOND
    code, text = authentik(first_train, "--yes")
    assert code == 2 and "Run fks upgrade authentik --finish first" in text, text

    assert authentik(first_train, "--finish --yes")[0] == 0
    code, text = authentik(first_train, "--yes")
    assert code == 0, text
    assert authentik(first_train, "--finish --yes")[0] == 0
    after = auth_state(first_train)
    assert (after["version"], after["rows"]) == ("2026.8.6", before["rows"])
    assert after["volumes"] == ["fks_auth-postgres-data-ak2026-8"]
    assert after["maintenance"] is None
    assert "nothing to do" in authentik(first_train, "")[1]
    assert first_train.up().changes == {}
