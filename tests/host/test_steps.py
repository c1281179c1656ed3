"""lib/steps.sh: steps compare the server's state with what they need, also after a kill."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
# Kills the shell before its n-th command after the first line of the step.
KILLED = """
set -euo pipefail -T
. "$HOST_FILES/lib/steps.sh"
trap 'echo >>"$COUNT"; (($(wc -l <"$COUNT") != KILL_AT)) || kill -KILL $$ $BASHPID' DEBUG
"""
START = 'start_unit fks.service "$FILE"'
# The tests may run as another user.
AS_ROOT = """attributes() {
  if [[ -e $1 ]]; then stat -c '%a root:root' "$1"; else echo missing; fi
}"""


@dataclass
class Machine:
    """A stand-in systemctl with one unit, which reads one file."""

    root: Path

    @property
    def file(self) -> Path:
        return self.root / "settings"

    def run(self, step: str, kill_at: int = 0, *, check: bool = False) -> int:
        """Run a step's text with an exit code; kill it before its n-th command, if n is not 0."""
        (self.root / "changes").write_text("")
        (self.root / "count").write_text("")
        environment = {
            "PATH": f"{self.root}:{os.environ['PATH']}",
            "HOST_FILES": str(HOST),
            "FKS_CHANGES": str(self.root / "changes"),
            "COUNT": str(self.root / "count"),
            "KILL_AT": str(kill_at),
            "STATE": str(self.root),
            "FILE": str(self.file),
            "FKS_CHECK": "yes" if check else "",
        }
        command = ["bash", "-c", KILLED + step]
        return subprocess.run(command, env=environment, capture_output=True, timeout=20).returncode

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def set(self, name: str) -> None:
        (self.root / name).touch()

    def calls(self) -> list[str]:
        """The changes of the unit since the last call."""
        calls = self.root / "calls"
        found = calls.read_text().split() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return found

    @property
    def changes(self) -> str:
        return (self.root / "changes").read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "systemctl").symlink_to(Path(__file__).with_name("systemctl"))
    made = Machine(tmp_path)
    made.file.write_text("a = 1\n")
    return made


def test_a_unit_is_enabled_and_started_once(machine: Machine) -> None:
    assert machine.run(START) == 0
    assert machine.calls() == ["enable", "restart"]
    assert machine.run(START) == 0
    assert (machine.calls(), machine.changes) == ([], "")


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        ("outdated", ["daemon-reload"]),
        ("stopped", ["restart"]),
    ],
)
def test_what_is_missing_is_done_and_no_more(
    machine: Machine, state: str, calls: list[str]
) -> None:
    machine.run(START)
    machine.calls()
    machine.set(state)
    machine.run(START)
    assert machine.calls() == calls


def test_a_disabled_unit_is_enabled_without_a_restart(machine: Machine) -> None:
    machine.run(START)
    machine.calls()
    (machine.root / "enabled").unlink()
    machine.run(START)
    assert machine.calls() == ["enable"]


def test_a_unit_that_runs_since_before_a_change_is_restarted(machine: Machine) -> None:
    machine.run(START)
    machine.calls()
    machine.file.write_text("a = 2\n")
    machine.run(START)
    assert machine.calls() == ["restart"]


def test_a_unit_that_its_conditions_prevent_is_not_started_again(machine: Machine) -> None:
    machine.set("prevented")
    machine.run(START)
    machine.calls()
    machine.run(START)
    assert (machine.calls(), machine.changes) == ([], "")


def test_a_step_that_is_killed_at_any_command_is_completed_by_the_next_run(
    machine: Machine,
) -> None:
    for number in range(1, 1000):
        for name in ("enabled", "started"):
            (machine.root / name).unlink(missing_ok=True)
        machine.set("outdated")
        machine.file.write_text(f"a = {number}\n")
        first = machine.run(START, kill_at=number)
        assert machine.run(START) == 0
        state = [machine.has(name) for name in ("enabled", "started", "outdated")]
        assert state == [True, True, False], f"killed before command {number}"
        if first != -signal.SIGKILL:
            break
    assert first == 0
    assert number > 10


def test_files_get_content_and_mode_whatever_an_earlier_run_left(machine: Machine) -> None:
    target = machine.root / "role"
    step = f'{AS_ROOT}\nwrite_file {target} <<<"x"'
    for left, mode in (("", 0o644), ("x", 0o600), ("x\n", 0o644)):
        target.write_text(left)
        target.chmod(mode)
        assert machine.run(step) == 0
        assert (target.read_text(), target.stat().st_mode & 0o777) == ("x\n", 0o644)
    assert machine.changes == ""


UNIT = "unit\tfks.service\t"


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("outdated", "its files loaded\tfiles changed since"),
        ("stopped", "active\tnot active"),
        ("masked", "not masked\tmasked"),
    ],
)
def test_a_check_reports_the_state_of_a_unit_and_leaves_it(
    machine: Machine, state: str, found: str
) -> None:
    machine.run(START)
    machine.calls()
    machine.set(state)
    assert machine.run(START, check=True) == 0
    assert machine.changes.splitlines() == [UNIT + found]
    assert machine.calls() == []


def test_a_check_of_a_unit_that_was_never_started_reports_what_a_run_would_do(
    machine: Machine,
) -> None:
    assert machine.run(START, check=True) == 0
    expected = [f"{UNIT}enabled\tnot enabled", f"{UNIT}active\tnot active"]
    assert machine.changes.splitlines() == expected
    assert machine.calls() == []


def test_a_masked_unit_is_unmasked(machine: Machine) -> None:
    machine.run(START)
    machine.calls()
    machine.set("masked")
    machine.run(START)
    assert machine.calls() == ["unmask"]


@pytest.mark.parametrize(
    ("content", "mode", "found"),
    [
        (None, 0, "missing"),
        ("y\n", 0o644, "other content, 644 root:root"),
        ("x\n", 0o600, "the same content, 600 root:root"),
        ("x\n", 0o644, ""),
    ],
)
def test_a_check_reports_the_state_of_a_file_and_leaves_it(
    machine: Machine, content: str | None, mode: int, found: str
) -> None:
    target = machine.root / "role"
    if content is not None:
        target.write_text(content)
        target.chmod(mode)
    assert machine.run(f'{AS_ROOT}\nwrite_file {target} <<<"x"', check=True) == 0
    expected = f"file\t{target}\tthe same content, 644 root:root\t{found}\n"
    assert machine.changes == (expected if found else "")
    assert (target.read_text() if target.exists() else None) == content


def test_a_difference_is_one_line_whatever_is_found(machine: Machine) -> None:
    step = "correct sysctl net.a 1 $'4096\\t16384\\n' false"
    assert machine.run(step, check=True) == 0
    assert machine.changes == "sysctl\tnet.a\t1\t4096 16384 \n"


def test_a_check_tries_once(machine: Machine) -> None:
    step = 'retry 60 false || touch "$STATE/ended"'
    assert machine.run(step, check=True) == 0
    assert machine.has("ended")


def test_a_correction_that_fails_is_a_failure_where_the_caller_tests_it(machine: Machine) -> None:
    step = 'correct file /etc/x written missing false || touch "$STATE/failed"'
    assert machine.run(step) == 0
    assert machine.has("failed")
    assert machine.changes == ""
