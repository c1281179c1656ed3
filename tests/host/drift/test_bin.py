"""The programs as they are on a server: modules beside bin/, no other package."""

import json
import subprocess
import sys

import pytest

from tests.host.server import REPOSITORY

BIN = REPOSITORY / "host/bin"


def run(program: str, user: int, *arguments: str) -> tuple[int, str, str]:
    """Run a program in a process that finds itself to be this user."""
    code = f"import os, runpy, sys; os.geteuid = lambda: {user}; "
    code += f"sys.argv[1:] = {list(arguments)}; runpy.run_path({str(BIN / program)!r})"
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("program", "arguments", "message"),
    [
        ("drift", ("a", "b"), "usage: drift [PUBLIC-DEPLOY-KEY]"),
        ("repair", (), "usage: repair REPAIR..."),
    ],
)
def test_wrong_arguments(program: str, arguments: tuple[str, ...], message: str) -> None:
    assert run(program, 0, *arguments) == (1, "", f"{message}\n")


@pytest.mark.parametrize("program", ["drift", "repair"])
def test_without_root_it_names_sudo(program: str) -> None:
    assert run(program, 1000, "x") == (1, "", f"{program}: run it with sudo\n")


def test_drift_prints_a_document_on_a_machine_that_is_no_server() -> None:
    code, out, err = run("drift", 0)
    assert (code, err) == (0, "")
    parts = {name for one in json.loads(out)["unknown"] for name in one["part"].split(", ")}
    assert parts >= {"bootstrap", "keys", "release"}
