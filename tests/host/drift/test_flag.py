"""The result of the last check for drift, as `fks status` shows it."""

from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy.drift import flag

TIME = "2026-11-27T02:00:00Z"
AN_HOUR_LATER = 1_795_748_400.0


def report(*kinds: str, unknown: int = 0) -> dict[str, Any]:
    deviations = [{"kind": kind, "name": f"n{number}"} for number, kind in enumerate(kinds)]
    reasons = [{"part": "clouds", "reason": "no answer"}] * unknown
    return {"time": TIME, "deviations": deviations, "unknown": reasons}


def test_before_the_first_check_there_is_none(tmp_path: Path) -> None:
    assert flag.read(tmp_path / "drift.json", 0) is None


def test_counts_and_the_first_of_them(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    flag.write(file, report(*["file"] * 7, unknown=1))
    found = flag.read(file, AN_HOUR_LATER)
    assert found is not None
    assert (found["deviations"], found["unknown"], found["age"]) == (7, 1, 3600)
    assert found["first"] == [f"file n{number}" for number in range(flag.FIRST)]
    assert found["reasons"] == ["clouds: no answer"]


def test_a_newer_check_replaces_it(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    flag.write(file, report("file"))
    flag.write(file, report())
    found = flag.read(file, AN_HOUR_LATER)
    assert found is not None and found["deviations"] == 0


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    file.write_text("{}")
    with pytest.raises(LookupError):
        flag.read(file, AN_HOUR_LATER)
