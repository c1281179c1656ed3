"""Starts Celery beat with a readable schedule: `with-schedule.py SCHEDULE_FILE PROGRAM...`.

Beat exits at every start when its schedule file is damaged. Such a file is moved to the directory
`damaged-schedules` beside it, and beat makes a new one from the application's configuration: no
task runs twice, one that was due at that moment waits for its next time.
"""

import os
import shelve
import shutil
import subprocess
import sys
import time
from pathlib import Path

KEPT = 3
READ_TIMEOUT = 20


def files(schedule: Path) -> list[Path]:
    """The schedule's files: the dbm library may add a suffix to its name."""
    return [path for path in schedule.parent.glob(schedule.name + "*") if path.is_file()]


def read(schedule: str) -> None:
    """Read every entry. Error: of any kind, for a damaged file; some libraries end the process."""
    # For writing, as beat does: SQLite then completes an interrupted transaction.
    with shelve.open(schedule, flag="w") as store:
        dict(store)


def damage(schedule: Path) -> str:
    """Why the schedule cannot be read, "" if it can. Another process reads it."""
    command = [sys.executable, __file__, "--read", str(schedule)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=READ_TIMEOUT)
    except subprocess.TimeoutExpired:
        return f"reading it takes longer than {READ_TIMEOUT} s"
    if done.returncode == 0:
        return ""
    return (done.stderr.splitlines() or [f"reading it ended with {done.returncode}"])[-1]


def move_aside(schedule: Path) -> Path:
    """Move its files into a new directory; the newest KEPT directories stay."""
    damaged = schedule.parent / "damaged-schedules"
    target = damaged / str(time.time_ns())
    target.mkdir(parents=True)
    for path in files(schedule):
        path.rename(target / path.name)
    for old in sorted(damaged.iterdir(), reverse=True)[KEPT:]:
        shutil.rmtree(old)
    return target


def main(schedule: Path, command: list[str]) -> None:
    """Move a damaged schedule aside, then become the program."""
    if files(schedule) and (reason := damage(schedule)):
        moved = move_aside(schedule)
        sys.stdout.write(f"beat: {schedule} is damaged and moved to {moved}: {reason}\n")
        sys.stdout.flush()
    os.execvp(command[0], command)


if __name__ == "__main__":
    if sys.argv[1] == "--read":
        read(sys.argv[2])
    else:
        main(Path(sys.argv[1]), sys.argv[2:])
