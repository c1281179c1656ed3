import os
from pathlib import Path

import pytest

from host.fks_deploy.backup import reach
from host.fks_deploy.backup.reach import Reach
from host.fks_deploy.paths import Paths

NOON = 1_800_000_000.0
HOUR = 3600.0
SIZE = 1 << 24
FULL = {"earliest": "2027-01-15T06:00:00Z", "latest": "2027-01-15T07:59:56Z"}


def base(root: Path, name: str, start: str, age: float) -> None:
    """A base backup that ended `age` seconds ago."""
    place = root / "base" / name
    place.mkdir(parents=True)
    (place / "backup_label").write_text(
        f"START WAL LOCATION: 0/2000028 (file {start})\nCHECKPOINT LOCATION: 0/2000060\n"
    )
    (place / "backup_manifest").touch()
    os.utime(place / "backup_manifest", (NOON - age, NOON - age))


def log(root: Path, *names: str, age: float = 4.0) -> None:
    """Files of the log, the last of which was written `age` seconds ago."""
    (root / "wal").mkdir(parents=True, exist_ok=True)
    for name in names:
        file = root / "wal" / name
        file.touch()
        os.truncate(file, SIZE)
        os.utime(file, (NOON - age, NOON - age))


def files(first: int, last: int) -> list[str]:
    """Names of files of the log; the last one is not complete."""
    names = [f"00000001{one >> 8:08X}{one & 0xFF:08X}" for one in range(first, last + 1)]
    return [*names[:-1], f"{names[-1]}.partial"]


def test_the_log_is_whole_from_the_oldest_base_backup_to_now(tmp_path: Path) -> None:
    base(tmp_path, "20270114T070000Z", "0000000100000000000000FE", 2 * HOUR)
    base(tmp_path, "20270115T070000Z", "000000010000000100000001", HOUR)
    log(tmp_path, *files(0xFE, 0x102), "00000001.history")
    found = reach.read(tmp_path).document(NOON)
    assert found == {**FULL, "base": "2027-01-15T07:00:00Z", "missing": "", "problem": ""}


def test_a_missing_file_is_named_with_the_times_that_are_lost(tmp_path: Path) -> None:
    base(tmp_path, "20270114T070000Z", "0000000100000000000000FE", 2 * HOUR)
    base(tmp_path, "20270115T070000Z", "000000010000000100000001", HOUR)
    log(tmp_path, *files(0xFE, 0x102))
    (tmp_path / "wal/000000010000000100000000").unlink()
    found = reach.read(tmp_path).document(NOON)
    assert found["earliest"] == "2027-01-15T07:00:00Z"
    assert found["problem"] == (
        "the write-ahead log of api lacks 000000010000000100000000: times before "
        "2027-01-15T07:00:00Z cannot be restored"
    )


@pytest.mark.parametrize("names", [files(3, 5), []])
def test_without_the_first_file_no_time_can_be_restored(tmp_path: Path, names: list[str]) -> None:
    base(tmp_path, "20270115T070000Z", "000000010000000000000002", HOUR)
    log(tmp_path, *names)
    found = reach.read(tmp_path)
    assert (found.earliest, found.latest) == (None, None)
    assert found.problem(NOON) == (
        "the write-ahead log of api lacks 000000010000000000000002: no time can be restored"
    )


def test_a_log_that_is_not_written_any_more_is_a_problem(tmp_path: Path) -> None:
    base(tmp_path, "20270115T070000Z", "000000010000000000000002", HOUR)
    log(tmp_path, *files(2, 4), age=360)
    text = "the write-ahead log of api ends 6 min ago: later times cannot be restored"
    assert reach.read(tmp_path).problem(NOON) == text


def test_a_base_backup_is_not_a_day_old(tmp_path: Path) -> None:
    base(tmp_path, "20270114T070000Z", "000000010000000000000002", 27 * HOUR)
    log(tmp_path, *files(2, 4))
    text = "the newest base backup of api is 27 h old, limit 26 h"
    assert reach.read(tmp_path).problem(NOON) == text


def test_a_base_backup_that_just_ended_is_ahead_of_the_log(tmp_path: Path) -> None:
    base(tmp_path, "20270115T070000Z", "000000010000000000000005", 1)
    log(tmp_path, *files(2, 4))
    found = reach.read(tmp_path)
    assert (found.earliest, found.latest, found.problem(NOON)) == (NOON - 1, NOON - 1, "")


def test_before_the_first_base_backup(tmp_path: Path) -> None:
    log(tmp_path, *files(2, 4))
    text = "the write-ahead log of api has no base backup: no time can be restored"
    assert reach.read(tmp_path).problem(NOON) == text
    (tmp_path / "base/20270115T070000Z.partial").mkdir(parents=True)
    assert reach.read(tmp_path) == Reach(making=True)
    assert reach.read(tmp_path).problem(NOON) == ""


def test_a_file_that_gets_another_name_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[FileNotFoundError | Reach] = [FileNotFoundError(), Reach(1.0, 2.0, 1.0)]

    def read(_directory: Path) -> Reach:
        if isinstance(answer := answers.pop(0), FileNotFoundError):
            raise answer
        return answer

    monkeypatch.setattr(reach, "_read", read)
    assert reach.read(tmp_path).latest == 2.0


@pytest.mark.parametrize(
    ("profiles", "kept"), [("a,api-wal", True), ("a", False), ("api-wal-2", False)]
)
def test_a_release_without_the_service_has_no_log(
    tmp_path: Path, profiles: str, *, kept: bool
) -> None:
    paths = Paths(tmp_path)
    assert reach.of_server(paths) is None
    paths.current.mkdir(parents=True)
    (paths.current / "release.env").write_text(f"COMPOSE_PROFILES={profiles}\n")
    assert (reach.of_server(paths) is not None) is kept
