"""The programs as they are on a server: modules beside bin/, no other package."""

import subprocess
import sys

import pytest

from tests.host.server import REPOSITORY


@pytest.mark.parametrize(
    ("program", "usage"),
    [
        ("watch", "usage: watch [--report]\n"),
        ("alert", "usage: alert --test\n"),
        ("peaks", "usage: peaks\n"),
    ],
)
def test_an_unknown_option_is_an_error(program: str, usage: str) -> None:
    command = [sys.executable, "-I", str(REPOSITORY / "host/bin" / program), "--unknown"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", usage)
