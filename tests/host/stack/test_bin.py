"""The program as it is on a server: modules beside bin/, no other package."""

import json
import subprocess
import sys

from tests.host.server import REPOSITORY

PROGRAM = str(REPOSITORY / "host/bin/stack")


def run(user: int, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run the program in a process that finds itself to be this user."""
    code = f"import os, runpy, sys; os.geteuid = lambda: {user}; sys.argv[0] = 'stack'; "
    code += f"runpy.run_path({PROGRAM!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-c", code, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_without_root_it_names_sudo() -> None:
    done = run(1000, "state")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "stack: run it with sudo\n")


def test_it_prints_a_document_on_a_machine_that_is_no_server() -> None:
    done = run(0, "state")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["release"] is None


def test_the_help_has_the_exit_codes() -> None:
    assert "75: a deploy runs." in run(0, "--help").stdout
