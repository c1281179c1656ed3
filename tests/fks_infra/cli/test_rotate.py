"""`fks rotate`: what it refuses, and which commands of pulumi it runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.cli.test_rollback import calls
from tests.fks_infra.operate.reports import GONE

LOCK = {"who": "ann", "since": "2026-11-27T10:00:00Z", "reason": "a restore"}
STOP = {"who": "ann", "since": "2026-11-27T10:00:00Z", "reason": ""}
URN = "urn:pulumi:prod::fks::fks:infra:Secrets$random:x::secrets-"
PROOF = "api/REDIS_PASSWORD: api-queue, api-cache refuses the old value"
ENTRY = {"time": "2026-11-27T10:00:00Z", "kind": "rotation", "who": "deploy", "text": PROOF}


def report(**fields: Any) -> dict[str, Any]:
    """What the programs stack-lock, stack and history print, in one document."""
    lasting: dict[str, Any] = {
        "server": "",
        "time": "2026-11-27T10:00:00Z",
        "lock": None,
        "damaged": [],
    }
    return {**lasting, "stopped": {}, "release": "a", "entries": [], **fields}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {name: report() for name in NAMES}
    fake.reports["api"] = report(entries=[ENTRY])
    return fake


@pytest.fixture(autouse=True)
def state(pulumi: Path) -> None:
    """All secrets have been rotated once."""
    rows = [
        {"urn": f"{URN}{name}", "replacementTrigger": 1, "protect": True}
        for name in ("redis-password", "postgres-password", "auth-postgres-password")
    ]
    (pulumi / "state").write_text(json.dumps({"deployment": {"resources": rows}}))


def changed(pulumi: Path) -> list[str]:
    """The calls that change the configuration, the state or the stack."""
    words = ("unprotect", "set-all", "up --stack")
    return [call for word in words for call in calls(pulumi, word)]


def test_one_targeted_up_after_the_number_and_the_proof_is_shown(
    pulumi: Path, found: FakeServers
) -> None:
    result = run("rotate", "redis-password", "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    unprotect, number, up = changed(pulumi)
    assert unprotect == f"state unprotect {URN}redis-password --yes --stack prod"
    assert number == (
        "config set-all --path --plaintext fks:rotation.redis-password=2 --stack prod"
    )
    assert "--target **fks:infra:ApiServer$fks:infra:ComposeStack**" in up
    assert "--target **fks:infra:Secrets**" in up
    assert "AuthServer" not in up
    assert up.endswith("--target **fks:infra:Verify** --yes --skip-preview")
    assert f"api: {PROOF}" in result.stdout
    assert "No request fails" in result.stdout
    assert "Commit Pulumi.prod.yaml" in result.stdout
    assert [names for _, names in found.commands] == [NAMES] * 3


@pytest.mark.usefixtures("found")
def test_the_databases_of_all_roles_or_of_one(pulumi: Path) -> None:
    assert run("rotate", "db-password", "--yes").exit_code == 0
    (number,) = calls(pulumi, "set-all")
    assert "fks:rotation.auth-postgres-password=2" in number
    assert "fks:rotation.postgres-password=2" in number
    (pulumi / "calls").unlink()
    assert run("rotate", "db-password", "--role", "auth", "--yes").exit_code == 0
    (number,) = calls(pulumi, "set-all")
    assert "fks:rotation.postgres-password" not in number


@pytest.mark.usefixtures("found")
def test_a_rotation_that_was_interrupted_keeps_its_number(pulumi: Path) -> None:
    configured = json.dumps({"redis-password": 2})
    (pulumi / "present").write_text(json.dumps({"fks:rotation": {"value": configured}}))
    assert run("rotate", "redis-password", "--yes").exit_code == 0
    assert "fks:rotation.redis-password=2" in calls(pulumi, "set-all")[0]


@pytest.mark.usefixtures("found")
def test_without_a_yes_nothing_is_changed(pulumi: Path) -> None:
    result = run("rotate", "redis-password", text="n\n")
    assert result.exit_code == 2
    assert "Rotate redis-password of stack prod?" in " ".join(result.stdout.split())
    assert changed(pulumi) == []


@pytest.mark.parametrize(
    ("options", "api", "message"),
    [
        (["redis"], {}, "'redis' is no secret that fks rotate replaces"),
        (["jwt", "--role", "auth"], {}, "jwt is a secret of api"),
        (["redis-password"], {"lock": LOCK}, "locked by ann since 2026-11-27T10:00:00Z: a restore"),
        (["redis-password"], {"stopped": {"api": STOP}}, "api: api is stopped since"),
        (["redis-password"], {"release": None}, "api: nothing is deployed"),
        (["jwt"], {}, "The secret jwt-secret is not in the stack's state"),
    ],
)
def test_bad_input_changes_nothing(
    pulumi: Path, found: FakeServers, options: list[str], api: dict[str, Any], message: str
) -> None:
    found.reports = {**found.reports, "api": report(**api)}
    result = run("rotate", *options, "--yes", columns=200)
    assert result.exit_code == 2
    assert message in result.stderr
    assert changed(pulumi) == []


@pytest.mark.usefixtures("found")
def test_a_pinned_server_keeps_its_secrets(pulumi: Path) -> None:
    pins = {"api": {"digest": "ab" * 32, "since": "2026-11-27T10:00:00Z"}}
    (pulumi / "present").write_text(json.dumps({"fks:pin": {"value": json.dumps(pins)}}))
    result = run("rotate", "redis-password", "--yes", columns=200)
    assert result.exit_code == 2
    assert "api is pinned to an earlier release" in result.stderr
    assert changed(pulumi) == []


def test_only_the_servers_that_have_the_secret_must_be_reached(
    pulumi: Path, found: FakeServers
) -> None:
    found.reports = {**found.reports, "web": GONE}
    assert run("rotate", "redis-password", "--yes").exit_code == 0
    (pulumi / "calls").unlink()
    found.reports = {**found.reports, "api": GONE}
    result = run("rotate", "redis-password", "--yes", columns=200)
    assert result.exit_code == 2
    assert "api was not reached: SSH to 100.64.0.3: Connection timed out" in result.stderr
    assert changed(pulumi) == []


@pytest.mark.usefixtures("found")
def test_a_failed_up_says_what_to_do_next(pulumi: Path) -> None:
    script = pulumi / "bin" / "pulumi"
    script.write_text(script.read_text() + 'case "$*" in *"up --stack"*) exit 1 ;; esac\n')
    result = run("rotate", "redis-password", "--yes", columns=200)
    assert result.exit_code == 1
    assert "Pulumi.prod.yaml has the new number" in result.stderr
    assert "then pulumi up, which ends what was begun" in result.stderr
