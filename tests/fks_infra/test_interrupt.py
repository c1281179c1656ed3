"""The program ends without output when the engine interrupts it after a rejected step."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fks_infra.interrupt import INTERRUPTED
from fks_infra.paths import PROJECT_ROOT
from rehearsal.local import LocalWorkspace, local_workspace
from rehearsal.world.shell import CommandError

UP = ("up", "--yes", "--skip-preview", "--non-interactive", "--suppress-outputs")
WAITING = """
import time
from fks_infra.interrupt import exit_on_interrupt
exit_on_interrupt()
print("ready", flush=True)
time.sleep(60)
"""


def test_an_interrupted_program_ends_without_output() -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", WAITING]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == INTERRUPTED


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[LocalWorkspace]:
    """The program as it is, with its generated secrets created and nothing else."""
    with local_workspace("interrupt") as here:
        status = {"FKS_PROGRAM_STATUS": str(tmp_path / "status")}
        recorded = LocalWorkspace(here.program, {**here.environment, **status})
        recorded.select_stack("prod")
        recorded.pulumi(*UP, "--target", "**::secrets", "--target", "**::secrets-*")
        yield recorded


@pytest.mark.contract
def test_a_rejected_replacement_shows_no_traceback(
    workspace: LocalWorkspace, tmp_path: Path
) -> None:
    state = json.loads(workspace.pulumi("stack", "export"))["deployment"]["resources"]
    secret = next(row["urn"] for row in state if row.get("protect"))
    with pytest.raises(CommandError, match="currently marked for protection") as raised:
        workspace.pulumi(*UP, "--target-replace", secret)
    assert "Traceback" not in str(raised.value)
    assert "KeyboardInterrupt" not in str(raised.value)
    # The program of the first `up` ended by itself. SIGKILL would be -9.
    assert (tmp_path / "status").read_text().split() == ["0", str(INTERRUPTED)]
