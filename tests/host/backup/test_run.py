import json

import pytest

from host.fks_deploy.backup import certificate, point_in_time
from host.fks_deploy.backup.failures import RepositoryError
from host.fks_deploy.backup.run import back_up
from host.fks_deploy.errors import DeployError, InterruptedDeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Result
from tests.host.backup.stand_in import DAMAGED, DUMP, SNAPSHOT, StandIn, run_on


def test_a_backup_is_proved_from_the_repository_before_old_ones_are_forgotten(
    shell: StandIn,
) -> None:
    said: list[str] = []
    found = back_up(run_on(shell, said))
    order = [one for one in shell.commands if one in ("backup", "restore", "forget")]
    # The first backup and forget are those of the set-up.
    assert order == ["backup", "forget", "backup", "restore", "forget"]
    assert (found["verdict"], found["snapshot"], found["rows"]) == ("ok", SNAPSHOT, 9)
    assert found["time"] == "2026-01-01T00:00:00Z"
    assert set(found["seconds"]) == {"dump", "upload", "restore", "proof"}
    assert said[-1] == f"proof ok: {DUMP}, 9 rows"


def test_the_certificate_is_beside_the_dump_and_by_snapshot(shell: StandIn) -> None:
    found = back_up(run_on(shell))
    paths = Paths(shell.root)
    beside = json.loads((paths.dumps / DUMP).with_suffix(".proof.json").read_text())
    assert [beside] == list(certificate.read(paths, "api")) == [found]


def test_the_snapshot_has_dump_queue_manifest_and_volumes(shell: StandIn) -> None:
    back_up(run_on(shell))
    place = shell.root / "var/backups/fks/api"
    uploads = [line for line in shell.lines if "backup" in line and "restic" in line]
    assert uploads[-1][-2:] == [str(place), str(shell.root / "volumes/fks_api-data")]
    assert (place / "queue/a.aof").read_text() == "tasks"
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["database"] == {"postgres": "17.6"}
    assert manifest["images"] == {"IMAGE_API_POSTGRES": "postgres@sha256:1"}
    assert manifest["files"][DUMP] == 5


def test_nothing_is_forgotten_after_a_bad_proof(shell: StandIn) -> None:
    shell.proof["verdict"] = "bad"
    assert back_up(run_on(shell))["verdict"] == "bad"
    assert shell.commands[-1] == "restore"


def test_damage_that_the_restore_finds_is_a_verdict(shell: StandIn) -> None:
    shell.answers["restore"] = DAMAGED
    found = back_up(run_on(shell))
    assert (found["verdict"], found["file"]) == ("bad", DUMP)
    assert "pack ab: does not exist" in found["text"]


def test_a_repository_that_does_not_answer_is_no_verdict(shell: StandIn) -> None:
    shell.answers["restore"] = Result(1, "", "dial tcp: connection refused")
    with pytest.raises(RepositoryError, match="nothing listens there"):
        back_up(run_on(shell))
    assert list(certificate.read(Paths(shell.root), "api")) == []


def test_a_failed_dump_uploads_nothing(shell: StandIn) -> None:
    shell.answers["db-backup"] = Result(1, "backup FAILED: pg_dump ended with 1\n", "")
    with pytest.raises(DeployError, match=r"pg_dump ended with 1\. All older dumps are kept"):
        back_up(run_on(shell))
    assert shell.snapshots == []


def test_a_proof_that_could_not_run_is_an_error(shell: StandIn) -> None:
    shell.proof.clear()
    with pytest.raises(DeployError, match="the proof ended: no PostgreSQL"):
        back_up(run_on(shell))
    assert not (shell.root / "var/backups/fks/.proof-api").exists()


def test_a_file_that_changes_meanwhile_is_uploaded_once_more(shell: StandIn) -> None:
    run = run_on(shell)
    back_up(run)
    shell.commands.clear()
    shell.answers["backup"] = Result(3, "", "error: file vanished")
    with pytest.raises(RepositoryError, match="file vanished"):
        back_up(run)
    assert shell.commands.count("backup") == 2


def test_a_log_that_is_broken_is_in_the_certificate_of_a_good_dump(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a failed base backup ends no backup."""
    log = {"earliest": None, "latest": None, "problem": "no base backup"}

    def base(_compose: object) -> str:
        raise DeployError("base FAILED: no space")

    monkeypatch.setattr(point_in_time, "base", base)
    monkeypatch.setattr(point_in_time, "proof", lambda _compose: log)
    said: list[str] = []
    found = back_up(run_on(shell, said, "api-wal"))
    assert (found["verdict"], found["log"]) == ("ok", log)
    assert "base FAILED: no space" in said
    assert "log: no base backup" in said


def test_a_signal_during_the_base_backup_ends_the_backup(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def base(_compose: object) -> str:
        raise InterruptedDeployError("got SIGTERM")

    monkeypatch.setattr(point_in_time, "base", base)
    with pytest.raises(InterruptedDeployError):
        back_up(run_on(shell, None, "api-wal"))
    assert shell.snapshots == []


@pytest.mark.parametrize(
    ("answer", "clock", "warned"),
    [
        (Result(0, "yes\n", ""), True, False),
        (Result(0, "no\n", ""), False, True),
        (Result(1, "", "no bus"), None, False),
    ],
)
def test_a_clock_that_is_not_synchronized_is_said(
    shell: StandIn, answer: Result, *, clock: bool | None, warned: bool
) -> None:
    shell.answers["timedatectl"] = answer
    said: list[str] = []
    assert back_up(run_on(shell, said))["clock"] is clock
    assert any("the clock is not synchronized" in line for line in said) is warned
