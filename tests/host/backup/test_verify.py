import pytest

from host.fks_deploy.backup import certificate
from host.fks_deploy.backup.failures import RepositoryError
from host.fks_deploy.backup.run import back_up
from host.fks_deploy.backup.verify import verify
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Result
from tests.host.backup.stand_in import DAMAGED, DUMP, SNAPSHOT, StandIn, run_on


@pytest.mark.parametrize(("deep", "option"), [(True, True), (False, False)])
def test_the_newest_snapshot_is_proved_again(shell: StandIn, *, deep: bool, option: bool) -> None:
    back_up(run_on(shell))
    found = verify(run_on(shell), deep=deep)
    assert (found["verdict"], set(found["seconds"])) == ("ok", {"restore", "proof"})
    check = next(line for line in shell.lines if "check" in line)
    assert ("--read-data" in check) == option


def test_a_damaged_repository_makes_its_newest_backup_bad(shell: StandIn) -> None:
    back_up(run_on(shell))
    shell.answers["check"] = DAMAGED
    assert verify(run_on(shell), deep=False)["verdict"] == "bad"
    (kept,) = certificate.read(Paths(shell.root), "api")
    assert (kept["verdict"], kept["snapshot"], kept["file"]) == ("bad", SNAPSHOT, DUMP)


def test_an_older_repository_put_in_its_place_is_found(shell: StandIn) -> None:
    back_up(run_on(shell))
    old = {"short_id": "00000000", "time": "2025-12-01T00:00:00Z", "hostname": "api"}
    shell.snapshots[:] = [old]
    found = verify(run_on(shell), deep=False)
    assert found["verdict"] == "bad"
    assert "has lost the snapshot 1a2b3c4d of 2026-01-01T00:00:00Z" in found["text"]


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (12, "", "password does not open the repository"),
        (11, "", "locked the repository for more than five minutes"),
        (10, "", "the repository that was there is missing"),
        (1, "lookup host: no such host", "its name does not resolve"),
    ],
)
def test_what_cannot_be_checked_is_no_verdict(
    shell: StandIn, code: int, text: str, reason: str
) -> None:
    back_up(run_on(shell))
    shell.answers["check"] = Result(code, "", text)
    with pytest.raises(RepositoryError, match=reason):
        verify(run_on(shell), deep=False)
    (kept,) = certificate.read(Paths(shell.root), "api")
    assert kept["verdict"] == "ok"


def test_a_certificate_from_the_future_is_no_lost_snapshot(shell: StandIn) -> None:
    back_up(run_on(shell))
    ahead = {"set": "api", "snapshot": "cc", "time": "2999-01-01T00:00:00Z", "verdict": "ok"}
    certificate.write(Paths(shell.root), {**ahead, "file": "none"})
    assert verify(run_on(shell), deep=False)["verdict"] == "ok"
