"""Where bin/stack is run: over SSH, or on this server."""

import stat
from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack, stack_host, this_server
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.stack_host import StackHost, fleet
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer

SERVER = DeployedServer(
    name="api", roles=("api",), instance_id="7", address="100.64.0.7", host_key="ssh-ed25519 AA"
)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`ssh` and `sudo` print their arguments, one a line, or what the file `answer` has."""
    for name in ("ssh", "sudo"):
        script = tmp_path / name
        script.write_text(
            f"#!/bin/sh\n[ ! -e {tmp_path}/answer ] || exec cat {tmp_path}/answer\n"
            f'printf "%s\\n" {name} "$@"\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_over_ssh_with_the_pinned_host_key_and_quoted_arguments(programs: Path) -> None:
    host = StackHost(server=SERVER, stack="prod", key=programs / "key")
    lines: list[str] = []
    assert host.run("stop", "--reason", "it's; late", report=lines.append, seconds=60).code == 0
    assert lines[0] == "ssh"
    assert lines[-2:] == [
        "deploy@100.64.0.7",
        "sudo -n /usr/local/lib/fks/current/bin/stack stop --reason 'it'\"'\"'s; late'",
    ]
    assert "-oStrictHostKeyChecking=yes" in lines
    known = (programs / "api.known_hosts").read_text()
    assert known == "100.64.0.7 ssh-ed25519 AA\n"


def test_on_the_server_itself(programs: Path) -> None:
    del programs
    lines: list[str] = []
    StackHost(server=SERVER, stack="", key=None).run("start", report=lines.append, seconds=60)
    assert lines == ["sudo", "-n", "/usr/local/lib/fks/current/bin/stack", "start"]


def test_an_answer_that_is_no_document(programs: Path) -> None:
    (programs / "answer").write_text("Welcome\n")
    with pytest.raises(OSError, match="its answer is no JSON document"):
        StackHost(server=SERVER, stack="", key=None).document("state", 60)


def test_outputs_without_a_host_key(programs: Path) -> None:
    server = DeployedServer(name="api", roles=("api",), instance_id="7", address="100.64.0.7")
    host = StackHost(server=server, stack="prod", key=programs / "key")
    ended = host.run("state", report=print, seconds=60)
    assert ended.code == stack_host.SSH_FAILED
    assert host.unreachable(ended.error).command == "pulumi up --stack prod"


def test_on_a_server_the_role_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "role").write_text("SERVER=single\nROLES=auth,api\n")
    monkeypatch.setattr(this_server, "ROLE_FILE", tmp_path / "role")
    with fleet("", remote=False) as found:
        (host,) = found.hosts
        assert (found.stack, found.who, host.key) == ("", "", None)
        assert (host.name, host.server.roles) == ("single", ("auth", "api"))
        assert host.unreachable("stack: no").command.startswith("sudo /usr/local/lib/fks/")


def test_a_damaged_role_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "role").write_text("")
    monkeypatch.setattr(this_server, "ROLE_FILE", tmp_path / "role")
    with pytest.raises(OperatorError, match="has no SERVER"), fleet("", remote=False):
        pass


@pytest.mark.parametrize(("stack", "remote"), [("", True), ("prod", False)])
def test_a_stack_or_remote_goes_to_the_stacks_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: str, remote: bool
) -> None:
    (tmp_path / "role").write_text("SERVER=api\nROLES=api\n")
    monkeypatch.setattr(this_server, "ROLE_FILE", tmp_path / "role")
    known = DeployedStack(name="prod", servers=(SERVER,), deploy_key="canary")
    monkeypatch.setattr(deployed_stack, "from_outputs", lambda _: known)
    with fleet(stack, remote=remote) as found:
        (host,) = found.hosts
        assert (found.stack, "@" in found.who) == ("prod", True)
        assert host.key is not None and host.key.read_text() == "canary\n"
    assert isinstance(host.unreachable("timed out"), Unreachable)
