"""The usage of the last day: bounded, and readable after damage."""

from pathlib import Path

from host.fks_deploy.watch import day
from host.fks_deploy.watch.samples import UsageSample

NOON = 1_800_000_000.0


def one(seconds: float, cpu: float | None = 12.34) -> UsageSample:
    return UsageSample(time=NOON + seconds, cpu=cpu, memory=50.0, disk=7.0)


def test_samples_are_added_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "usage-day"
    assert day.load(file) == []
    day.record(file, one(0))
    day.record(file, one(60, None))
    assert day.load(file) == [one(0, 12.3), one(60, None)]


def test_those_of_the_day_before_are_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "usage-day"
    for seconds in (0, 60, 86_430):
        day.record(file, one(seconds))
    assert [found.time - NOON for found in day.load(file)] == [60, 86_430]


def test_a_clock_that_was_set_back_leaves_no_sample_of_the_future(tmp_path: Path) -> None:
    file = tmp_path / "usage-day"
    for seconds in (0, 600, 300):
        day.record(file, one(seconds))
    assert [found.time - NOON for found in day.load(file)] == [0, 300]


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "usage-day"
    day.record(file, one(0))
    file.write_text(f"x\n{file.read_text()}1 2\n\n")
    assert day.load(file) == [one(0, 12.3)]


def test_it_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "usage-day"
    file.write_text("".join(f"{NOON + n:.0f} 1.0 1.0 1.0\n" for n in range(day.MOST + 50)))
    day.record(file, one(day.MOST + 60))
    assert len(day.load(file)) == day.MOST
    assert file.stat().st_size < 60_000
