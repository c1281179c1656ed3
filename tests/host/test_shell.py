import os
import signal
from pathlib import Path

import pytest

from host.fks_deploy import shell as command_shell
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import CommandFailedError, Shell
from tests.processes import assert_ends, is_gone


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(Output(tmp_path / "log", Redactor(["canary"])))


def test_a_command_gets_its_stdin_and_no_other_variable_of_this_process(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUD_TOKEN", "x")
    script = 'cat; echo "$A ${CLOUD_TOKEN-unset}"'
    out = shell.run(["sh", "-c", script], timeout=10, stdin="in ", env={"A": "1"})
    assert out == "in 1 unset\n"


def test_the_error_has_the_name_the_exit_code_and_the_last_line(shell: Shell) -> None:
    with pytest.raises(CommandFailedError, match="the check exited with 3: last"):
        shell.run(
            ["sh", "-c", "echo first >&2; echo last >&2; exit 3"], timeout=10, name="the check"
        )


def test_the_children_of_a_command_end_at_its_time_limit(shell: Shell, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {pid_file}; wait"
    with pytest.raises(CommandFailedError, match="ran longer than 3 s"):
        shell.run(["sh", "-c", script], timeout=3)
    assert_ends(int(pid_file.read_text()), 20)


@pytest.mark.parametrize(
    "script",
    [
        "(trap '' TERM; exec sleep 60) & echo $! > {file}; wait",
        "trap '' TERM; echo $$ > {file}; while :; do sleep 60; done",
        "sleep 60 & echo $! > {file}",
    ],
    ids=["a child ignores SIGTERM", "the command ignores SIGTERM", "the command has ended"],
)
def test_every_process_of_the_group_is_killed_after_the_time_limit(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(command_shell, "_KILL_DELAY", 1.0)
    file = tmp_path / "pid"
    with pytest.raises(CommandFailedError, match="ran longer than 2 s"):
        shell.run(["bash", "-c", script.format(file=file)], timeout=2)
    assert_ends(int(file.read_text()), 1)


def test_the_children_of_a_successful_command_are_not_killed(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    shell.run(["bash", "-c", f"sleep 60 >/dev/null 2>&1 & echo $! > {file}"], timeout=10)
    child = int(file.read_text())
    assert not is_gone(child)
    os.kill(child, signal.SIGKILL)


def test_the_log_has_stderr_and_exit_code_without_secrets(shell: Shell, tmp_path: Path) -> None:
    shell.attempt(["sh", "-c", "echo oops canary >&2; exit 1"], timeout=10)
    log = (tmp_path / "log").read_text()
    assert "oops ***" in log and "exit 1" in log and "canary" not in log
