"""`fks rotate` under a steady load: what fails, what accepts the old value, and after a kill."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from fks_infra.rotate.generated import ANNOUNCED
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import secrets_of
from tests.world.killed_command import Reached, killed_when, updating
from tests.world.settled import assert_settled
from tests.world.test_replacements import failures, steady_load

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

AUTH_PATH = "/-/health/ready/"
_PSQL = (
    'PGPASSWORD=$0 psql --no-psqlrc -qtAXw -h "$(hostname)" -U "$POSTGRES_USER" '
    '-d "$POSTGRES_DB" -c "SELECT 1" 2>&1'
)
_REDIS = "REDISCLI_AUTH=$0 redis-cli ping 2>&1"
_API = "cat /run/secrets/JWT_SECRET"


def postgres(role: str) -> Callable[[Scenario, str], bool]:
    """Whether a database accepts a password."""

    def accepts(scenario: Scenario, value: str) -> bool:
        found = scenario.in_service(role, f"{role}-postgres", "sh", "-c", _PSQL, value).strip()
        assert found == "1" or "password authentication failed" in found
        return found == "1"

    return accepts


def redis(scenario: Scenario, value: str) -> bool:
    """Whether queue and cache accept a password; both or none do."""
    services = ("api-queue", "api-cache")
    found = {scenario.in_service("api", one, "sh", "-c", _REDIS, value).strip() for one in services}
    assert found == {"PONG"} or all("WRONGPASS" in one for one in found), found
    return found == {"PONG"}


def jwt(scenario: Scenario, value: str) -> bool:
    """Whether a container of the API has this value."""
    found = {scenario.in_service("api", one, "sh", "-c", _API).strip() for one in ("api", "api-2")}
    return value in found


def authentik(scenario: Scenario, value: str) -> bool:
    """Whether Authentik's API accepts a token."""
    rows = {row["name"]: row["urls"][0] for row in scenario.operator.servers()}
    url = f"{rows['auth']}/api/v3/tasks/workers/"
    fetch = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Authorization: Bearer {value}' {url}"
    code = scenario.operator.output(["sh", "-c", fetch]).strip()
    assert code in ("200", "403"), code
    return code == "200"


class Case(NamedTuple):
    """A call of `fks rotate`, the secret that it replaces, and who must refuse the old value."""

    words: str
    secret: str
    accepts: Callable[[Scenario, str], bool]

    def value(self, scenario: Scenario) -> str:
        return secrets_of(scenario)[f"secrets-{self.secret}"]


CASES = {
    "redis": Case("redis-password", "redis-password", redis),
    "jwt": Case("jwt", "jwt-secret", jwt),
    "token": Case("authentik-token", "authentik-bootstrap-token", authentik),
    "api-db": Case("db-password --role api", "postgres-password", postgres("api")),
    "auth-db": Case("db-password --role auth", "auth-postgres-password", postgres("auth")),
}


def rotate(scenario: Scenario, words: str) -> str:
    """What `fks rotate` prints."""
    return scenario.operator.output(["sh", "-c", f"fks rotate {words} --yes 2>&1"])


def assert_rotated(scenario: Scenario, case: Case, old: str) -> None:
    """The new value alone is accepted, and the stack is as its configuration says."""
    new = case.value(scenario)
    assert new != old
    assert case.accepts(scenario, new)
    assert not case.accepts(scenario, old)
    assert_settled(scenario)


@pytest.mark.parametrize("name", CASES)
def test_the_old_value_is_refused_and_no_more_fails_than_announced(
    servers: Scenario, name: str
) -> None:
    case = CASES[name]
    old = case.value(servers)
    assert case.accepts(servers, old)
    with steady_load(servers, AUTH_PATH) as found:
        text = rotate(servers, case.words)
    assert "refuses the old value" in text or "no container has the old value" in text, text
    assert old not in text
    outages = {target: (len(one["failed"]), one["outage"]) for target, one in found.items()}
    sys.stderr.write(f"{name}: failed requests and longest outage in s: {outages}\n")
    seconds = ANNOUNCED[case.secret].seconds
    if seconds:
        assert max(outage for _, outage in outages.values()) <= seconds, found
    else:
        assert failures(found) == {}
    assert_rotated(servers, case, old)


def begun(scenario: Scenario) -> str | None:
    """The server keeps the old value, because it has begun."""
    kept = scenario.on_server("api", "sh", "-c", "ls /etc/fks/secrets-previous/* 2>&1 || true")
    return None if "_PASSWORD" in kept else kept


def written(scenario: Scenario) -> str | None:
    """The new value is in the files, and containers are being replaced."""
    if waiting := begun(scenario):
        return waiting
    newer = "find /etc/fks/secrets/api -newer /etc/fks/secrets-previous/api -type f"
    found = scenario.on_server("api", "sh", "-c", newer)
    return None if "PASSWORD" in found else "no file has the new value"


@pytest.mark.parametrize("name", ["redis", "api-db"])
@pytest.mark.parametrize("reached", [updating, begun, written])
def test_a_rotation_that_was_killed_is_completed_by_the_same_command(
    servers: Scenario, name: str, reached: Reached
) -> None:
    case = CASES[name]
    old = case.value(servers)
    killed_when(servers, f"fks rotate {case.words} --yes", reached, "api")
    rotate(servers, case.words)
    assert_rotated(servers, case, old)


def test_a_locked_stack_a_stopped_one_and_a_wrong_name_change_nothing(servers: Scenario) -> None:
    old = CASES["redis"].value(servers)
    for before, words, message, after in (
        ("fks lock --reason test", "redis-password", "The stack is locked by", "fks unlock"),
        ("fks stop --api", "redis-password", "api: api is stopped since", "fks start --api"),
        ("true", "redis", "is no secret that fks rotate replaces", "true"),
        ("true", "jwt --role auth", "jwt is a secret of api", "true"),
    ):
        servers.operator.output(["sh", "-c", before])
        shown = f"fks rotate {words} --yes 2>&1; echo code $?"
        text = servers.operator.output(["sh", "-c", shown])
        servers.operator.output(["sh", "-c", after])
        assert text.endswith("code 2\n") and message in text, text
    assert CASES["redis"].value(servers) == old
