"""`fks upgrade authentik`: the copy on the server, then one deploy; and the way back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import deploy, pulumi_run, upgrade_data
from fks_infra.roles.images import AUTHENTIK
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.cli.test_rollback import calls
from tests.fks_infra.cli.test_rotate import LOCK, report
from tests.fks_infra.cli.test_upgrade_postgres import Programs, changed, fail_up
from tests.fks_infra.operate.reports import GONE

NAME = AUTHENTIK.rpartition(":")[0]
OLD, OLD_IMAGE = "fks_auth-postgres-data", f"{NAME}:2026.2.1"
POSTGRES = "docker.io/library/postgres:17.12-trixie"
ARGUMENTS = ("upgrade", "authentik", "--to", "2026.5.6")
BEGUN = {
    "state": "copied",
    "what": "authentik",
    "source": {"volume": OLD},
    "target": {"volume": f"{OLD}-ak2026-5"},
}


def status(version: str = "2026.2.1", **fields: Any) -> dict[str, Any]:
    """What the programs stack-lock, stack and upgrade-data print, in one document."""
    found = {"image": OLD_IMAGE, "version": version, "next": "2026.5", "refusal": ""}
    authentik = {**found, **fields.pop("authentik", {})}
    known = {
        "service": "auth-postgres",
        "data": {"volume": OLD, "image": POSTGRES, "version": "17"},
        "clients": ["auth-server", "auth-worker"],
        "upgrade": None,
    }
    return report(**{**known, "authentik": authentik, **fields})


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {name: status() for name in NAMES}
    return fake


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, found: FakeServers, pulumi: Path) -> Programs:
    """The stack's file sets the image of 2026.2.1; a deploy migrates the database."""
    fake = Programs()
    monkeypatch.setattr(upgrade_data, "command_line", lambda _, __, command, ___: [command])
    monkeypatch.setattr(upgrade_data, "stream", fake.stream)
    monkeypatch.setattr(deploy, "show_impact", lambda _: None)
    monkeypatch.setattr(deploy, "check_lock", lambda _: None)
    run_up = pulumi_run.run

    def up(command: list[str]) -> int:
        code = run_up(command)
        if code == 0:
            found.reports = {**found.reports, "auth": status("2026.5.6")}
        return code

    monkeypatch.setattr(pulumi_run, "run", up)
    configure(pulumi, {name: {"image": OLD_IMAGE} for name in ("auth-server", "auth-worker")})
    return fake


def configure(pulumi: Path, services: dict[str, Any]) -> None:
    value = {"fks:services": {"value": json.dumps(services)}}
    (pulumi / "present").write_text(json.dumps(value))


COPY = (
    f"copy auth-postgres --image {POSTGRES} --authentik {NAME}:2026.5.6 "
    "--volume auth-postgres-data-ak2026-5"
)


def test_a_step_copies_then_writes_all_settings_at_once_and_deploys(
    pulumi: Path, programs: Programs
) -> None:
    result = run(*ARGUMENTS, "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    assert [" ".join(words) for words in programs.words] == [COPY]
    settings, up = changed(pulumi)
    assert "fks:services.auth-postgres.volume=ak2026-5" in settings
    for name in ("auth-server", "auth-worker"):
        assert f"fks:services.{name}.image={NAME}:2026.5.6" in settings
    assert "--target **fks:infra:AuthServer$fks:infra:ComposeStack**" in up
    assert "Authentik 2026.2.1 -> 2026.5" in result.stdout
    assert "fks upgrade authentik --finish" in result.stdout


def test_a_newer_postgresql_of_the_configuration_is_named(pulumi: Path, programs: Programs) -> None:
    newer = f"{POSTGRES.rpartition(':')[0]}:18.1-trixie"
    configure(pulumi, {"auth-postgres": {"image": newer}})
    assert f"PostgreSQL 17 -> 18 too: {newer}" in run(*ARGUMENTS, columns=200).stdout
    assert programs.words == []


def test_without_a_version_it_takes_the_next_train(pulumi: Path, programs: Programs) -> None:
    assert run("upgrade", "authentik", "--yes").exit_code == 0
    assert f"--authentik {NAME}:2026.5 --volume" in " ".join(programs.words[0])
    assert f"auth-worker.image={NAME}:2026.5 " in changed(pulumi)[0]


def test_the_checkouts_image_needs_no_setting(
    pulumi: Path, found: FakeServers, programs: Programs
) -> None:
    configure(pulumi, {})
    found.reports = {**found.reports, "auth": status("2026.5.6", authentik={"next": "2026.8"})}
    result = run("upgrade", "authentik", "--yes", columns=200)
    assert f"--authentik {AUTHENTIK}" in " ".join(programs.words[0])
    (settings, _) = changed(pulumi)
    assert "auth-postgres.volume=ak2026-8" in settings and "image=" not in settings
    # The stand-in deploy leaves 2026.5.6 in the database.
    assert result.exit_code == 1
    assert f"{AUTHENTIK} serves, but its database is of Authentik 2026.5.6" in result.stderr


def test_a_failed_deploy_is_undone_with_its_settings(pulumi: Path, programs: Programs) -> None:
    fail_up(pulumi)
    result = run(*ARGUMENTS, "--yes", columns=100)
    assert result.exit_code == 1
    assert "auth-postgres has its old data and version again" in result.stderr
    assert [words[0] for words in programs.words] == ["copy", "back"]
    back = calls(pulumi, "set-all")[-1]
    assert f"auth-server.image={OLD_IMAGE}" in back and f"auth-worker.image={OLD_IMAGE}" in back
    assert "config rm --path fks:services.auth-postgres.volume" in calls(pulumi, "config rm")[0]


def test_after_an_interruption_the_settings_of_the_serving_release_are_written_back(
    pulumi: Path, found: FakeServers, programs: Programs
) -> None:
    written = {name: {"image": f"{NAME}:2026.5.6"} for name in ("auth-server", "auth-worker")}
    configure(pulumi, {**written, "auth-postgres": {"volume": "ak2026-5"}})
    found.reports = {**found.reports, "auth": status(upgrade=BEGUN)}
    fail_up(pulumi)
    assert run(*ARGUMENTS, "--yes").exit_code == 1
    assert " ".join(programs.words[0]) == COPY
    assert f"auth-server.image={OLD_IMAGE}" in calls(pulumi, "set-all")[-1]


def test_the_way_back_writes_volume_and_images(pulumi: Path, programs: Programs) -> None:
    written = {name: {"image": f"{NAME}:2026.5.6"} for name in ("auth-server", "auth-worker")}
    configure(pulumi, {**written, "auth-postgres": {"volume": "ak2026-5"}})
    assert run("upgrade", "authentik", "--back").exit_code == 0
    assert programs.words == [["back", "auth-postgres"]]
    assert f"auth-server.image={OLD_IMAGE}" in calls(pulumi, "set-all")[0]
    assert "auth-postgres.volume" in calls(pulumi, "config rm")[0]


@pytest.mark.parametrize(
    ("options", "auth", "message"),
    [
        (["--to", "latest"], {}, "--to is 'latest', which is no version of Authentik"),
        (["--finish", "--back"], {}, "--finish and --back exclude each other"),
        (["--to", "2026.8"], {"lock": LOCK}, "locked by ann since 2026-11-27T10:00:00Z"),
        (["--to", "2026.8"], {"authentik": {"refusal": "2026.8 would skip 2026.5"}}, "would skip"),
        ([], {"version": ""}, "The version in Authentik's database cannot be read"),
        ([], {"upgrade": {**BEGUN, "what": "postgres"}}, "Next: fks upgrade postgres --role auth"),
    ],
)
def test_bad_input_changes_nothing(
    pulumi: Path,
    found: FakeServers,
    programs: Programs,
    options: list[str],
    auth: dict[str, Any],
    message: str,
) -> None:
    found.reports = {**found.reports, "auth": status(**auth)}
    result = run("upgrade", "authentik", *options, "--yes", columns=200)
    assert result.exit_code == 2
    assert message in result.stderr
    assert (changed(pulumi), programs.words) == ([], [])


def test_a_server_that_is_away_is_named(
    pulumi: Path, found: FakeServers, programs: Programs
) -> None:
    found.reports = {**found.reports, "auth": GONE}
    result = run(*ARGUMENTS, "--yes", columns=200)
    assert result.exit_code == 2
    assert "auth was not reached" in result.stderr
    assert (changed(pulumi), programs.words) == ([], [])


def test_without_a_yes_or_a_later_train_nothing_is_changed(
    pulumi: Path, found: FakeServers, programs: Programs
) -> None:
    assert run(*ARGUMENTS, text="n\n").exit_code == 2
    found.reports = {**found.reports, "auth": status("2026.8.6", authentik={"next": ""})}
    for options in ((), ("--rehearse",)):
        result = run("upgrade", "authentik", *options, columns=200)
        assert result.exit_code == 0
        assert "nothing to do: the database is of Authentik 2026.8.6" in result.stdout
    assert (changed(pulumi), programs.words) == ([], [])


def test_files_outside_of_the_volume_are_named_before_the_question(
    found: FakeServers, programs: Programs
) -> None:
    old = status("2025.10.3", authentik={"next": "2025.12"})
    found.reports = {**found.reports, "auth": old}
    result = run("upgrade", "authentik", text="n\n", columns=200)
    assert "files in /media are in no volume and will be gone" in result.stdout
    assert programs.words == []


def test_a_rehearsal_changes_nothing(pulumi: Path, programs: Programs) -> None:
    assert run(*ARGUMENTS, "--rehearse").exit_code == 0
    programs.failing = "rehearse"
    result = run(*ARGUMENTS, "--rehearse", columns=100)
    assert (result.exit_code, changed(pulumi)) == (1, [])
    assert "disk full. Nothing was changed." in result.stderr
    words = f"rehearse auth-postgres --image {POSTGRES} --authentik {NAME}:2026.5.6"
    assert [" ".join(one) for one in programs.words] == [words] * 2


@pytest.mark.usefixtures("pulumi")
def test_the_old_volume_is_removed_after_a_question(found: FakeServers, programs: Programs) -> None:
    found.reports = {**found.reports, "auth": status(upgrade={**BEGUN, "state": "serving"})}
    assert run("upgrade", "authentik", "--finish", text="n\n").exit_code == 2
    assert programs.words == []
    assert run("upgrade", "authentik", "--finish", "--yes").exit_code == 0
    assert programs.words == [["finish", "auth-postgres"]]
