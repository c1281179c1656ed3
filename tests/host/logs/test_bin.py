"""The program as it is on a server: modules beside bin/, no other package."""

import subprocess
import sys

from tests.host.server import REPOSITORY


def run(user: int, *arguments: str) -> tuple[int, str, str]:
    """The program for a process that finds itself to be this user."""
    code = f"import os, runpy, sys; os.geteuid = lambda: {user}; sys.argv[1:] = {arguments!r}; "
    path = str(REPOSITORY / "host/bin/logs")
    command = [sys.executable, "-I", "-c", code + f"runpy.run_path({path!r})"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_without_root_it_names_sudo() -> None:
    assert run(1000) == (1, "", "logs: run it with sudo\n")


def test_an_unknown_option_is_an_error() -> None:
    code, _, err = run(0, "--nosuch")
    assert (code, err.splitlines()[-1]) == (2, "logs: error: unrecognized arguments: --nosuch")
