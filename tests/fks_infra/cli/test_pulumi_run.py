"""Running pulumi in the foreground."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fks_infra.cli import pulumi_run
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT


def test_the_exit_code_is_that_of_the_command() -> None:
    assert pulumi_run.run([sys.executable, "-c", "raise SystemExit(7)"]) == 7


def test_a_program_that_is_missing_is_an_error_with_the_command() -> None:
    with pytest.raises(OperatorError, match="this did not run: no-such-program up"):
        pulumi_run.run(["no-such-program", "up"])


def test_ctrl_c_is_left_to_the_command_which_ends_in_its_own_time(tmp_path: Path) -> None:
    """Both are in the foreground's process group, as in a terminal."""
    child = (
        "import pathlib, signal, time\n"
        f"ready = pathlib.Path({str(tmp_path / 'ready')!r})\n"
        "try:\n    ready.touch(); time.sleep(30)\n"
        "except KeyboardInterrupt:\n    time.sleep(1); raise SystemExit(9)\n"
    )
    code = "import sys; from fks_infra.cli import pulumi_run; "
    code += f"sys.exit(pulumi_run.run([sys.executable, '-c', {child!r}]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, cwd=PROJECT_ROOT
    )
    while not (tmp_path / "ready").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 9
