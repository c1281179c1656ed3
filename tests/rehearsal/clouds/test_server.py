"""The end of a process that serves the clouds."""

import subprocess
from pathlib import Path

from tests.processes import assert_ends
from tests.rehearsal.clouds.test_main import LOCAL, ROOT, wait_for


def test_the_clouds_end_when_their_parent_is_gone(tmp_path: Path) -> None:
    """The parent is a shell that starts the clouds, prints their pid, and waits."""
    ports_file = tmp_path / "ports.json"
    script = f"{' '.join(LOCAL)} --ports-file {ports_file} & echo $!; wait"
    parent = subprocess.Popen(["sh", "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_for(ports_file, parent)
    parent.kill()
    parent.wait(timeout=20)
    assert_ends(child, 20)
