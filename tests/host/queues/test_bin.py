"""The program as it is on a server: modules beside bin/, no other package."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

DOCKER = """#!/bin/sh
case "$*" in
  ps*) exec cat "$0.ps" ;;
  *SCAN*) echo '{"celery": {"length": 1, "newest": "a", "oldest": ["a"]}}' ;;
  *DEL*) echo 3 ;;
esac
"""


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    """A stand-in for docker, in a directory of its own."""
    program = tmp_path / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    (tmp_path / "docker.ps").write_text("c1 running api-queue -\n")
    return program


def run(docker: Path, user: int, *arguments: str) -> tuple[int, str, str]:
    """The program for a process that finds itself to be this user."""
    code = f"import os, runpy, sys; os.geteuid = lambda: {user}; sys.argv[1:] = {arguments!r}; "
    path = str(REPOSITORY / "host/bin/celery")
    command = [sys.executable, "-I", "-c", code + f"runpy.run_path({path!r})"]
    environment = {"PATH": f"{docker.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    return done.returncode, done.stdout, done.stderr


def test_without_root_it_names_sudo(docker: Path) -> None:
    assert run(docker, 1000) == (1, "", "celery: run it with sudo\n")


@pytest.mark.parametrize("arguments", [("--purge",), ("--purge", "a", "b"), ("--json",)])
def test_other_options_are_an_error(docker: Path, arguments: tuple[str, ...]) -> None:
    assert run(docker, 0, *arguments) == (1, "", "usage: celery [--purge QUEUE]\n")


def test_a_purge_prints_the_number_of_tasks(docker: Path) -> None:
    assert run(docker, 0, "--purge", "celery") == (0, '{"purged": 3}\n', "")


def test_a_report_is_one_document(docker: Path) -> None:
    code, out, err = run(docker, 0)
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["queues"] == [{"name": "celery", "waiting": 1, "oldest": None}]
    assert document["problems"] == ["no container runs of api-worker or api-gpu-worker or api-beat"]


def test_an_engine_that_is_down_is_one_line(docker: Path) -> None:
    (docker.parent / "docker.ps").unlink()
    code, out, err = run(docker, 0)
    assert (code, out) == (1, "")
    assert err.startswith("celery: docker ps exited with 1: cat: ")
