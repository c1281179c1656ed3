"""Commands are run with a time limit."""

import os
import signal
import time
from pathlib import Path

import pytest

from fks_infra.config import pulumi_cli
from fks_infra.config.pulumi_cli import CommandError, run
from fks_infra.errors import OperatorError
from tests.processes import assert_ends
from tests.test_locks import OPERATOR


def test_the_output_is_returned_and_the_input_is_not_an_argument(tmp_path: Path) -> None:
    file = tmp_path / "input"
    assert run(["sh", "-c", f"cat > {file}; echo done"], "canary") == "done\n"
    assert file.read_text() == "canary"


@pytest.mark.parametrize(
    ("program", "remedy"),
    [
        ("pulumi", f"https://get.pulumi.com | sh -s -- --version {OPERATOR['pulumi']} "),
        ("ssh-keygen", "apt-get install openssh-client"),
    ],
)
def test_a_missing_program_is_named_with_its_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, remedy: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperatorError) as raised:
        run([program, "version"])
    text = str(raised.value)
    assert text.startswith(f"{program} is not installed, or not on the PATH. Install it: ")
    assert remedy in text


def test_a_failing_command_is_an_error_with_its_standard_error() -> None:
    with pytest.raises(CommandError, match=r"sh -c .* failed: no such stack") as raised:
        run(["sh", "-c", "echo no such stack >&2; exit 255"])
    assert raised.value.stderr == "no such stack\n"


def test_a_command_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    with pytest.raises(OperatorError) as raised:
        run(["sh", "-c", f"echo $$ > {file}; exec sleep 60"], seconds=0.5)
    text = str(raised.value)
    assert "did not end within 0.5 s and was stopped" in text
    assert "pulumi whoami --verbose" in text
    assert_ends(int(file.read_text()), 10)


def test_it_waits_neither_for_a_command_that_ignores_signals_nor_for_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi_cli, "_KILL_AFTER", 0.2)
    file = tmp_path / "pids"
    script = f"trap '' TERM; sleep 60 & echo $$ $! > {file}; wait; wait"
    started = time.monotonic()
    with pytest.raises(OperatorError, match="did not end"):
        run(["bash", "-c", script], seconds=1)
    assert time.monotonic() - started < 20
    stubborn, child = map(int, file.read_text().split())
    assert_ends(stubborn, 10)
    os.kill(child, signal.SIGKILL)
