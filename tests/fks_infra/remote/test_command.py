"""Commands on a server over SSH, with a stand-in for ssh."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fks_infra.remote.command import output_of
from fks_infra.remote.inventory import DeployedServer

SERVER = DeployedServer(
    name="web", roles=("web",), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AAAA"
)
Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a stand-in program, the text of a shell script, on the PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def write(name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    return write


def test_only_the_pinned_host_key_is_accepted(program: Program, tmp_path: Path) -> None:
    program("ssh", 'echo "$@"')
    printed = output_of(SERVER, tmp_path / "key", "uptime", 5.0)
    assert "-oStrictHostKeyChecking=yes" in printed
    assert f"-oUserKnownHostsFile={tmp_path / 'web.known_hosts'}" in printed
    assert printed.endswith("deploy@100.64.0.2 uptime\n")
    known = (tmp_path / "web.known_hosts").read_text()
    assert known == "100.64.0.2 ssh-ed25519 AAAA\n"


@pytest.mark.parametrize(("limits", "seconds"), [((20.0,), 20), ((20.0, 5.0), 5)])
def test_the_time_for_the_connection(
    program: Program, tmp_path: Path, limits: tuple[float, ...], seconds: int
) -> None:
    program("ssh", 'echo "$@"')
    printed = output_of(SERVER, tmp_path / "key", "uptime", *limits)
    assert f"-oConnectTimeout={seconds} " in printed


def test_without_a_host_key_no_connection_is_made(program: Program, tmp_path: Path) -> None:
    program("ssh", "echo connected")
    with pytest.raises(OSError, match="run pulumi up"):
        output_of(replace(SERVER, host_key=""), tmp_path / "key", "uptime", 5.0)


def test_the_last_line_of_ssh_is_the_error(program: Program, tmp_path: Path) -> None:
    program("ssh", "echo debug >&2; echo 'Host key verification failed.' >&2; exit 255")
    with pytest.raises(OSError, match=r"^Host key verification failed\.$"):
        output_of(SERVER, tmp_path / "key", "uptime", 5.0)


def test_a_server_that_does_not_answer_in_time_is_an_error(
    program: Program, tmp_path: Path
) -> None:
    program("ssh", "exec sleep 5")
    with pytest.raises(OSError, match=r"no answer within 0\.2 s"):
        output_of(SERVER, tmp_path / "key", "uptime", 0.2)
