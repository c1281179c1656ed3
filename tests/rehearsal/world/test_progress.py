"""A line per step, a reminder while a long one runs, and the list of finished steps."""

import time

import pytest

from rehearsal.world import progress
from rehearsal.world.progress import console, finished, step, wait_until


def test_a_step_is_timed_and_listed() -> None:
    with console.capture() as capture, step("copy files", expected=20) as current:
        current.detail = "3 files"
    assert finished[-1] is current
    assert current.ok
    first, last = capture.get().splitlines()
    assert first == "copy files, takes about 20 s ..."
    assert last.startswith("  done copy files (0.")
    assert last.endswith("  3 files")


def test_a_failed_step_is_listed_as_failed() -> None:
    with console.capture() as capture, pytest.raises(OSError, match="disk"), step("copy files"):
        raise OSError("disk")
    assert not finished[-1].ok
    assert "failed copy files" in capture.get()


def test_a_long_step_reports_its_time_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "REMINDER_SECONDS", 0.01)
    lines = list[str]()
    monkeypatch.setattr(progress.console, "print", lambda line: lines.append(str(line)))
    with step("build", expected=90):
        wait_until("a reminder", lambda: None if len(lines) > 1 else "none yet", 5, pause=0.01)
    assert lines[1] == "  ... build: 0 s so far, takes about 90 s"


def test_waiting_ends_with_the_last_state() -> None:
    started = time.monotonic()
    with pytest.raises(progress.WaitTimeoutError, match="after 0 s: the port; last state: closed"):
        wait_until("the port", lambda: "closed", 0.05, pause=0.01)
    assert time.monotonic() - started < 5
