"""A damaged schedule of Celery beat is moved aside before beat starts."""

import dbm.dumb
import shelve
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compose.stacks import LIB

Damage = Callable[[bytes], bytes]
STARTED = ["-c", "print('started')"]


def write(schedule: Path) -> None:
    """A schedule of several pages, written as beat does."""
    with shelve.open(str(schedule)) as store:
        store["entries"] = {f"task {number}": str(number) * 200 for number in range(100)}
        store["tz"] = "UTC"


@pytest.fixture
def schedule(tmp_path: Path) -> Path:
    """The path of a schedule that can be read."""
    write(tmp_path / "schedule")
    return tmp_path / "schedule"


def main_file(schedule: Path) -> Path:
    """The largest of the schedule's files: its data."""
    found = schedule.parent.glob("schedule*")
    return max(found, key=lambda path: path.stat().st_size)


def start(schedule: Path) -> str:
    """Run with-schedule.py with a program that prints `started`; returns its output."""
    script = str(LIB / "celery/with-schedule.py")
    done = subprocess.run(
        [sys.executable, script, str(schedule), sys.executable, *STARTED],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_readable_schedule_stays(schedule: Path) -> None:
    before = main_file(schedule).read_bytes()
    assert start(schedule) == "started\n"
    assert main_file(schedule).read_bytes() == before
    assert not (schedule.parent / "damaged-schedules").exists()


def test_without_a_schedule_beat_starts(tmp_path: Path) -> None:
    assert start(tmp_path / "schedule") == "started\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:4096] + bytes(len(data) - 4096), id="zeroed after 4096"),
        pytest.param(lambda data: data[: len(data) // 2], id="truncated"),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda data: b"garbage" * (len(data) // 7), id="garbage"),
    ],
)
def test_a_damaged_schedule_is_moved_aside(schedule: Path, damage: Damage) -> None:
    file = main_file(schedule)
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    first, last = start(schedule).splitlines()
    assert f"{schedule} is damaged and moved to" in first
    assert last == "started"
    assert not list(schedule.parent.glob("schedule*"))
    (moved,) = (schedule.parent / "damaged-schedules").iterdir()
    assert (moved / file.name).read_bytes() == damaged


def test_the_last_three_damaged_schedules_are_kept(schedule: Path) -> None:
    for _ in range(5):
        write(schedule)
        main_file(schedule).write_bytes(b"garbage")
        start(schedule)
    assert len(list((schedule.parent / "damaged-schedules").iterdir())) == 3


def test_a_schedule_of_several_files_is_moved_as_a_whole(tmp_path: Path) -> None:
    """dbm.dumb is what a Python without database libraries has."""
    with dbm.dumb.open(str(tmp_path / "schedule")) as store:
        store["entries"] = b"no pickle"
    start(tmp_path / "schedule")
    (moved,) = (tmp_path / "damaged-schedules").iterdir()
    assert {path.name for path in moved.iterdir()} == {
        "schedule.dat",
        "schedule.dir",
        "schedule.bak",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["damaged-schedules"]
