"""The program as it is on a server: modules beside bin/, no other package."""

import json
import subprocess
import sys

from tests.host.server import REPOSITORY

PROGRAM = str(REPOSITORY / "host/bin/status")


def run(command: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def as_user(number: int) -> list[str]:
    """The program for a process that finds itself to be this user."""
    code = f"import os, runpy, sys; os.geteuid = lambda: {number}; sys.argv[1:] = []; "
    return [sys.executable, "-I", "-c", code + f"runpy.run_path({PROGRAM!r})"]


def test_an_option_is_an_error() -> None:
    assert run([sys.executable, "-I", PROGRAM, "--text"]) == (1, "", "usage: status [--day]\n")


def test_without_root_it_names_sudo() -> None:
    assert run(as_user(1000)) == (1, "", "status: run it with sudo\n")


def test_it_prints_a_document_on_a_machine_that_is_no_server() -> None:
    code, out, err = run(as_user(0))
    assert (code, err) == (0, "")
    assert json.loads(out)["release"] is None
