"""Programs of bin/ that `fks` runs on a server: modules beside bin/, no other package."""

import subprocess
import sys

import pytest

from tests.host.server import REPOSITORY

PROGRAMS = {
    "history": [],
    "releases": [],
    "stack-lock": ["set", "--who", "ann", "--reason", "test"],
    "maintenance": ["on"],
    "deploy-keys": ["show"],
    "reboot": ["show"],
    "restore": ["api", "state"],
    "upgrade-os": ["check"],
    "upgrade-data": ["status", "api-postgres"],
    "support-bundle": [],
}


def run(program: str, *arguments: str, user: int = 1000) -> "subprocess.CompletedProcess[str]":
    """The program in a process that finds itself to be this user."""
    path = str(REPOSITORY / "host/bin" / program)
    code = f"import os, runpy, sys; os.geteuid = lambda: {user}; "
    code += f"sys.argv[1:] = {list(arguments)!r}; runpy.run_path({path!r})"
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_root_it_names_sudo(program: str) -> None:
    done = run(program, *PROGRAMS[program])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{program}: run it with sudo\n"


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_option_is_an_error(program: str) -> None:
    done = run(program, "--text", user=0)
    assert done.returncode in (1, 2)
    assert "usage: " in done.stderr
