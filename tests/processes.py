"""Whether a process has ended, also one that is not a child of this process."""

import time
from pathlib import Path


def is_gone(pid: int) -> bool:
    """Return whether a process has ended; a zombie counts as ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def assert_ends(pid: int, seconds: float) -> None:
    """Fail unless a process ends within some seconds."""
    deadline = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < deadline, f"process {pid} has not ended after {seconds:g} s"
        time.sleep(0.02)
