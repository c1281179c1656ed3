"""Whether a process still runs, also one that is nobody's child here."""

import time
from pathlib import Path


def is_gone(pid: int) -> bool:
    """It does not run any more; a zombie only waits for its parent to look."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def assert_ends(pid: int, seconds: float) -> None:
    """Wait for its end."""
    deadline = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs after {seconds:g} s"
        time.sleep(0.02)
