import json
import os
from pathlib import Path

import pytest

from host.fks_deploy import compose_command, interrupts, journal
from host.fks_deploy.backup import app
from host.fks_deploy.lock import deploy_lock
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Shell
from host.fks_deploy.stops import Stop, mark
from tests.host.backup.stand_in import DAMAGED, SNAPSHOT, StandIn, run_on


@pytest.fixture
def root(shell: StandIn, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's directory, whose programs are the stand-ins."""
    compose = run_on(shell).compose
    monkeypatch.setattr(compose_command, "of_current", lambda *_: compose)
    monkeypatch.setattr(Shell, "without_log", lambda: shell)
    monkeypatch.setattr(interrupts, "catch", lambda: None)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    return shell.root


def backup(root: Path, *arguments: str) -> int:
    return app.main([*arguments, "--root", str(root), "--who", "ann"])


def test_a_backup_is_in_the_journal(root: Path) -> None:
    assert backup(root) == 0
    (entry,), _ = journal.read(Paths(root).journal)
    assert (entry["kind"], entry["who"], entry["set"]) == ("backup", "ann", "api")
    assert (entry["result"], entry["text"]) == ("ok", f"snapshot {SNAPSHOT}: 9 rows")


def test_a_bad_backup_ends_with_1(root: Path, shell: StandIn) -> None:
    assert backup(root) == 0
    shell.answers["check"] = DAMAGED
    assert backup(root, "--verify") == 1


def test_a_failure_says_why_and_is_in_the_journal(
    root: Path, shell: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    (Paths(root).backup / "settings.json").unlink()
    assert backup(root) == 1
    assert "api failed: " in capsys.readouterr().err
    (entry,), _ = journal.read(Paths(root).journal)
    assert entry["result"] == "failed" and "pulumi up" in entry["text"]
    assert shell.commands == []


def test_a_json_document_has_the_verdict(
    root: Path, shell: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.proof["verdict"] = "bad"
    assert backup(root, "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["sets"]
    assert (one["set"], one["result"], one["text"]) == ("api", "bad", "9 rows")
    assert one["certificate"]["snapshot"] == SNAPSHOT


def test_a_second_backup_says_who_runs_the_first(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with deploy_lock(Paths(root).backup_lock, "", "root", 0, what="backup"):
        assert backup(root) == 75
        assert backup(root, "--json") == 0
    shown = capsys.readouterr()
    assert "another backup runs on this server: started by root at" in shown.err
    assert json.loads(shown.out)["sets"][0]["result"] == "failed"


def test_a_stopped_stack_is_left_out(root: Path, shell: StandIn) -> None:
    mark(Paths(root), ["api"], Stop("2026-01-01T00:00:00Z", "ann"))
    assert backup(root) == 0
    assert shell.lines == []


def test_a_data_set_of_another_server_is_refused(
    root: Path, shell: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup(root, "auth") == 2
    assert "there is no data set auth here" in capsys.readouterr().err
    assert shell.lines == []


def test_the_list_has_each_snapshot_with_its_certificate(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup(root)
    assert backup(root, "--list") == 0
    one = json.loads(capsys.readouterr().out)["sets"]["api"]
    assert (one["error"], one["repository"]) == ("", f"{root}/repository/api")
    assert [entry["certificate"]["verdict"] for entry in one["snapshots"]] == ["ok"]


def test_without_an_answer_the_certificates_are_listed(
    root: Path, shell: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    backup(root)
    shell.answers["snapshots"] = DAMAGED
    backup(root, "--list")
    one = json.loads(capsys.readouterr().out)["sets"]["api"]
    assert "pack ab: does not exist" in one["error"]
    assert [entry["id"] for entry in one["snapshots"]] == [SNAPSHOT]
