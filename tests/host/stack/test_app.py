"""The command line of bin/stack: errors and exit codes."""

import fcntl
import json
import os

import pytest

from host.fks_deploy.stack.app import main
from tests.host.server import Server
from tests.host.stack.conftest import Stack


@pytest.mark.parametrize("command", ["start", "stop", "cleanup", "cleanup-list"])
def test_before_the_first_deploy_the_remedy_is_named(server: Server, command: str) -> None:
    done = Stack(server).run(command)
    message = "stack: nothing is deployed on this server: run pulumi up\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)


def test_another_role_is_an_error(stack: Stack) -> None:
    done = stack.run("stop", "--roles", "api,web")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "stack: --roles is 'api,web': this server has api\n"
    assert not stack.server.paths.stopped.exists()


def test_while_a_deploy_runs_nothing_is_changed(stack: Stack) -> None:
    holder = {"pid": 7, "who": "ci", "digest": "f" * 64, "since": "2026-11-27T10:00:00Z"}
    descriptor = os.open(stack.server.paths.lock, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        done = stack.run("stop")
    finally:
        os.close(descriptor)
    assert done.returncode == 75
    assert "another deploy runs on this server: release ffffffffffff, started by ci" in done.stderr
    assert not stack.server.paths.stopped.exists()


def test_an_unknown_command_prints_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["halt"])
    assert ended.value.code == 2
    assert "invalid choice: 'halt'" in capsys.readouterr().err
