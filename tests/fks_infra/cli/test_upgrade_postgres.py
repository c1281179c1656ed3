"""`fks upgrade postgres`: the copy on the server, then one deploy; and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import deploy, upgrade_data
from fks_infra.operate.streaming import Ended
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.cli.test_rollback import calls
from tests.fks_infra.cli.test_rotate import LOCK, STOP, report
from tests.fks_infra.operate.reports import GONE

OLD, NEW = "fks_api-postgres-data", "fks_api-postgres-data-pg18"
ARGUMENTS = ("upgrade", "postgres", "--to", "18.1", "--role", "api")


def status(version: str = "17", **fields: Any) -> dict[str, Any]:
    """What the programs stack-lock, stack and upgrade-data print, in one document."""
    data = {"volume": OLD, "image": "docker.io/library/postgres:17.12-trixie", "version": version}
    known = {"service": "api-postgres", "data": data, "clients": ["api"], "upgrade": None}
    known["authentik"] = None
    return report(**{**known, **fields})


@dataclass
class Programs:
    """`words` are the commands that ran on servers; those in `failing` end with 1."""

    words: list[list[str]] = field(default_factory=list)
    failing: str = ""

    def stream(self, command: Sequence[str], report: Callable[[str], None], _: float) -> Ended:
        words = command[0].partition("upgrade-data ")[2].split(" --who ")[0].split()
        self.words.append(words)
        report("restore the dump and compare all rows")
        if words[0] == self.failing:
            return Ended(code=1, error="upgrade-data: the dump exited with 1: disk full")
        return Ended(code=0)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {name: status() for name in NAMES}
    return fake


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, found: FakeServers) -> Programs:
    del found
    fake = Programs()
    monkeypatch.setattr(upgrade_data, "command_line", lambda _, __, command, ___: [command])
    monkeypatch.setattr(upgrade_data, "stream", fake.stream)
    monkeypatch.setattr(deploy, "show_impact", lambda _: None)
    monkeypatch.setattr(deploy, "check_lock", lambda _: None)
    return fake


def changed(pulumi: Path) -> list[str]:
    """The calls that change the configuration or the stack."""
    return [one for word in ("set-all", "config rm", "up --stack") for one in calls(pulumi, word)]


def fail_up(pulumi: Path) -> None:
    """Let `pulumi up` end with 1."""
    script = pulumi / "bin" / "pulumi"
    script.write_text(f'{script.read_text()}case "$*" in up*) exit 1 ;; esac\n')


COPY = (
    "copy api-postgres --image docker.io/library/postgres:18.1-trixie "
    "--volume api-postgres-data-pg18"
)
IMAGE = "fks:services.api-postgres.image=docker.io/library/postgres:18.1-trixie"


def test_the_data_is_copied_before_the_settings_and_the_deploy(
    pulumi: Path, programs: Programs
) -> None:
    result = run(*ARGUMENTS, "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    assert [" ".join(words) for words in programs.words] == [COPY]
    settings, up = changed(pulumi)
    assert "--plaintext fks:services.api-postgres.volume=pg18" in settings
    assert f"--plaintext {IMAGE}" in settings
    assert "--target **fks:infra:ApiServer$fks:infra:ComposeStack**" in up
    assert "api: restore the dump and compare all rows" in result.stdout
    assert "PostgreSQL 17 -> 18" in result.stdout
    assert "Commit Pulumi.prod.yaml" in result.stdout


def test_a_copy_that_fails_changes_no_setting(pulumi: Path, programs: Programs) -> None:
    programs.failing = "copy"
    result = run(*ARGUMENTS, "--yes", columns=100)
    assert result.exit_code == 1
    assert result.stderr == "api: the dump exited with 1: disk full\n"
    assert changed(pulumi) == []


def test_a_deploy_that_fails_is_undone_with_its_settings(pulumi: Path, programs: Programs) -> None:
    fail_up(pulumi)
    result = run(*ARGUMENTS, "--yes", columns=100)
    assert result.exit_code == 1
    assert "api-postgres has its old data and version again" in result.stderr
    assert [words[0] for words in programs.words] == ["copy", "back"]
    removed = [call.split(" --stack")[0] for call in calls(pulumi, "config rm")]
    assert removed == [
        "config rm --path fks:services.api-postgres.volume",
        "config rm --path fks:services.api-postgres.image",
    ]


@pytest.mark.usefixtures("programs")
def test_the_settings_of_before_are_written_back(pulumi: Path) -> None:
    before = {"image": "docker.io/library/postgres:17.1", "volume": "pg17"}
    configured = json.dumps({"api-postgres": before})
    (pulumi / "present").write_text(json.dumps({"fks:services": {"value": configured}}))
    fail_up(pulumi)
    assert run(*ARGUMENTS, "--yes").exit_code == 1
    back = calls(pulumi, "set-all")[-1]
    assert "volume=pg17" in back and "image=docker.io/library/postgres:17.1 " in back


@pytest.mark.usefixtures("programs")
def test_without_a_newer_major_version_there_is_nothing_to_do(
    pulumi: Path, found: FakeServers
) -> None:
    result = run("upgrade", "postgres", columns=100)
    assert result.exit_code == 0
    assert "nothing to do: its data is of PostgreSQL 17" in result.stdout
    assert changed(pulumi) == []
    assert found.commands


def test_without_a_yes_nothing_is_changed(pulumi: Path, programs: Programs) -> None:
    assert run(*ARGUMENTS, text="n\n").exit_code == 2
    assert (changed(pulumi), programs.words) == ([], [])


@pytest.mark.parametrize(
    ("options", "api", "message"),
    [
        (["--role", "web"], {}, "--role is 'web', which has no database"),
        (["--finish", "--back"], {}, "--finish and --back exclude each other"),
        (["--to", "new"], {}, "--to is 'new', which is no version of PostgreSQL"),
        (["--to", "18.1"], {"lock": LOCK}, "locked by ann since 2026-11-27T10:00:00Z"),
        (["--to", "18.1"], {"stopped": {"api": STOP}}, "api: api is stopped since"),
    ],
)
def test_bad_input_changes_nothing(
    pulumi: Path,
    found: FakeServers,
    programs: Programs,
    options: list[str],
    api: dict[str, Any],
    message: str,
) -> None:
    found.reports = {**found.reports, "api": status(**api)}
    result = run("upgrade", "postgres", *options, "--yes", columns=200)
    assert result.exit_code == 2
    assert message in result.stderr
    assert (changed(pulumi), programs.words) == ([], [])


def test_a_server_that_is_away_is_named(
    pulumi: Path, found: FakeServers, programs: Programs
) -> None:
    found.reports = {**found.reports, "api": GONE}
    result = run(*ARGUMENTS, "--yes", columns=200)
    assert result.exit_code == 2
    assert "api was not reached" in result.stderr
    assert (changed(pulumi), programs.words) == ([], [])


@pytest.mark.usefixtures("pulumi")
def test_the_old_volume_is_removed_after_a_question(found: FakeServers, programs: Programs) -> None:
    done = {"state": "serving", "source": {"volume": OLD}, "target": {"volume": NEW}}
    found.reports = {**found.reports, "api": status(upgrade=done)}
    finish = ("upgrade", "postgres", "--finish", "--role", "api")
    assert run(*finish, text="n\n").exit_code == 2
    assert programs.words == []
    result = run(*finish, text="y\n", columns=100)
    assert f"Remove the volume {OLD} with the old data?" in result.stdout
    assert (result.exit_code, programs.words) == (0, [["finish", "api-postgres"]])


def test_the_way_back_writes_the_volume_that_serves(pulumi: Path, programs: Programs) -> None:
    configured = json.dumps({"api-postgres": {"volume": "pg18"}})
    (pulumi / "present").write_text(json.dumps({"fks:services": {"value": configured}}))
    assert run("upgrade", "postgres", "--back", "--role", "api").exit_code == 0
    assert programs.words == [["back", "api-postgres"]]
    assert "fks:services.api-postgres.volume" in calls(pulumi, "config rm")[0]


def test_a_rehearsal_changes_nothing(pulumi: Path, programs: Programs) -> None:
    assert run(*ARGUMENTS, "--rehearse").exit_code == 0
    programs.failing = "rehearse"
    result = run(*ARGUMENTS, "--rehearse", columns=100)
    assert (result.exit_code, changed(pulumi)) == (1, [])
    assert "api: the dump exited with 1: disk full. Nothing was changed." in result.stderr
    image = "docker.io/library/postgres:18.1-trixie"
    assert programs.words == [["rehearse", "api-postgres", "--image", image]] * 2
