"""The file of the deploy key: that of a command that was killed is deleted by the next one."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from fks_infra.remote.key_file import key_file

# Prints the file's name and waits for its input.
HOLD = """
from fks_infra.remote.key_file import key_file
with key_file("secret") as file:
    print(file, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of their own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def hold() -> tuple["subprocess.Popen[str]", Path]:
    command = [sys.executable, "-c", HOLD]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    file = Path(process.stdout.readline().strip())
    long_ago = time.time() - 3600
    os.utime(file.parent, (long_ago, long_ago))
    return process, file


def test_the_file_is_private_and_is_deleted() -> None:
    with key_file(" secret ") as file:
        assert file.read_text() == "secret\n"
        assert [one.stat().st_mode & 0o777 for one in (file, file.parent)] == [0o600, 0o700]
    assert not file.parent.exists()


def test_that_of_a_command_that_was_killed_is_deleted() -> None:
    process, file = hold()
    process.kill()
    process.communicate()
    assert file.exists()
    with key_file("secret"):
        assert not file.parent.exists()


def test_that_of_a_command_that_runs_is_kept() -> None:
    process, file = hold()
    with key_file("secret"):
        assert file.read_text() == "secret\n"
    process.communicate("\n")
    assert (process.returncode, file.parent.exists()) == (0, False)


def test_other_directories_are_kept(directory: Path) -> None:
    for name in ("fks-other", "fks-key-new"):
        (directory / name).mkdir()
    long_ago = time.time() - 3600
    os.utime(directory / "fks-other", (long_ago, long_ago))
    with key_file("secret"):
        assert {"fks-other", "fks-key-new"} < {one.name for one in directory.iterdir()}
