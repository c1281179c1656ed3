"""`fks rollback`: what it refuses, and which commands of pulumi it runs."""

import json
from pathlib import Path

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.operate.kept import FIRST, SECOND, THIRD, document, release
from tests.fks_infra.operate.reports import GONE

LOCK = {"who": "ann", "since": "2026-11-27T10:00:00Z", "reason": "a restore"}
PINNED = {"api": {"digest": FIRST, "since": "2026-11-26T10:00:00Z"}}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {"auth": GONE, "api": document(), "web": document()}
    return fake


def calls(pulumi: Path, word: str) -> list[str]:
    """The calls of pulumi that contain a word."""
    file = pulumi / "calls"
    lines = file.read_text().splitlines() if file.exists() else []
    return [line.removeprefix("--non-interactive ") for line in lines if word in line]


def changed(pulumi: Path) -> list[str]:
    """The calls that change the configuration or the stack."""
    return [*calls(pulumi, "set-all"), *calls(pulumi, "config rm"), *calls(pulumi, "up ")]


def pin(pulumi: Path) -> None:
    (pulumi / "present").write_text(json.dumps({"fks:pin": {"value": json.dumps(PINNED)}}))


@pytest.mark.usefixtures("found")
def test_the_pin_is_set_before_one_targeted_up_without_preview(pulumi: Path) -> None:
    result = run("rollback", "api", "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    (setting,) = calls(pulumi, "set-all")
    assert setting.startswith(
        f"config set-all --path --plaintext fks:pin.api.digest={SECOND} --plaintext "
        f"fks:pin.api.since=20"
    )
    assert setting.endswith("Z --stack prod")
    (up,) = calls(pulumi, "up --stack prod")
    assert "--target **fks:infra:ApiServer$fks:infra:ComposeStack**" in up
    assert up.endswith("--target **fks:infra:Verify** --yes --skip-preview")
    assert changed(pulumi) == [setting, up]
    lines = result.stdout.splitlines()
    assert lines[0] == (
        f"api: release {THIRD[:12]} -> {SECOND[:12]}, deployed 2026-11-27T10:00:00Z"
    )
    assert lines[1:4] == [
        f"  without {THIRD[:12]}:",
        "    files: nginx/vhosts/api.conf.template",
        "    image API: fks@sha256:1 -> fks@sha256:2",
    ]
    assert "Commit Pulumi.prod.yaml" in lines[-1]


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("text", ["n\n", ""])
def test_without_a_yes_nothing_is_changed(pulumi: Path, text: str) -> None:
    result = run("rollback", "api", "--to", "2", text=text)
    assert result.exit_code == 2
    assert f"Pin api to {FIRST[:12]}" in " ".join(result.stdout.split())
    assert changed(pulumi) == []


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "SERVER is missing: write one of auth, api, web."),
        (["apl"], "stack prod has no server 'apl'; it has auth, api, web"),
        (["auth"], "auth was not reached: SSH to 100.64.0.3: Connection timed out. Nothing was"),
        (["api", "--to", "7"], f"It keeps 0 ({THIRD[:12]})"),
        (["api", "--to", "1", "--unpin"], "exclude each other"),
        (["api", "--unpin"], "api is not pinned"),
    ],
)
def test_bad_input_changes_nothing(pulumi: Path, options: list[str], message: str) -> None:
    result = run("rollback", *options, "--yes", columns=200)
    assert result.exit_code == 2
    assert message in result.stderr
    assert changed(pulumi) == []


def test_a_locked_stack_says_who_when_and_why(found: FakeServers, pulumi: Path) -> None:
    found.reports = {"api": document(lock=LOCK)}
    result = run("rollback", "api", "--yes")
    assert (result.exit_code, changed(pulumi)) == (2, [])
    assert result.stderr == (
        "The stack is locked by ann since 2026-11-27T10:00:00Z: a restore. Nothing was changed. "
        "fks unlock ends it.\n"
    )


def test_a_migration_is_named(found: FakeServers, pulumi: Path) -> None:
    new, old = ({"AUTH_SERVER": version} for version in ("2026.10.1", "2026.8.6"))
    found.reports = {
        "auth": document(
            release(SECOND, in_service=True, versions=new), release(FIRST, versions=old)
        )
    }
    result = run("rollback", "auth", "--yes")
    assert (result.exit_code, changed(pulumi)) == (2, [])
    assert "auth-server: Authentik 2026.10.1 has migrated the database" in result.stderr


def test_nothing_is_deployed(found: FakeServers, pulumi: Path) -> None:
    found.reports = {"api": {**document(), "releases": []}}
    result = run("rollback", "api", "--yes")
    assert (result.exit_code, changed(pulumi)) == (2, [])
    assert "api has no release in service" in result.stderr


@pytest.mark.usefixtures("found")
def test_a_pinned_server_needs_another_release_or_unpin(pulumi: Path) -> None:
    pin(pulumi)
    result = run("rollback", "api", "--yes")
    assert result.exit_code == 2
    assert f"api is pinned to {FIRST[:12]} since 2026-11-26T10:00:00Z already" in result.stderr
    assert changed(pulumi) == []
    assert run("rollback", "api", "--to", "1", "--yes").exit_code == 0


@pytest.mark.usefixtures("found")
def test_unpin_removes_the_setting_and_deploys(pulumi: Path) -> None:
    pin(pulumi)
    result = run("rollback", "api", "--unpin", "--yes")
    assert result.exit_code == 0, result.stderr
    removal, up = changed(pulumi)
    assert removal == "config rm --path fks:pin.api --stack prod"
    assert up.startswith("up --stack prod ")


@pytest.mark.usefixtures("found")
def test_an_up_that_fails_says_what_state_things_are_in(pulumi: Path) -> None:
    script = pulumi / "bin" / "pulumi"
    script.write_text(script.read_text() + 'case "$1" in up) exit 255 ;; esac\n')
    result = run("rollback", "api", "--yes")
    assert result.exit_code == 1
    assert "Pulumi.prod.yaml has the change already: pulumi up tries it again" in result.stderr
    assert "fks rollback api --unpin" in result.stderr
