"""Addresses of legacy servers, and what ssh's errors become."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_host
from fks_infra.migrate.legacy_host import LegacyHost, parse

HOST = LegacyHost(target="root@old.example.org", port="2222", sockets=Path("/tmp/s"))


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("ssh://old.example.org", ("", "old.example.org", "")),
        ("ssh://root@203.0.113.7:2222", ("root", "203.0.113.7", "2222")),
        ("ssh://fks_user@[2001:db8::7]/", ("fks_user", "2001:db8::7", "")),
    ],
)
def test_an_address_has_user_host_and_port(address: str, parts: tuple[str, str, str]) -> None:
    assert parse(address) == parts


@pytest.mark.parametrize(
    "address",
    [
        "old.example.org",
        "ssh://",
        "ssh://-oProxyCommand=x",
        "ssh://a@-x",
        "ssh://h:99999",
        "ssh://h;x",
    ],
)
def test_another_address_is_an_error_with_an_example(address: str) -> None:
    with pytest.raises(
        OperatorError, match=r"(?s)no address of a server.*Next: write it as ssh://"
    ):
        parse(address)


def test_the_host_key_is_checked_and_words_are_quoted() -> None:
    line = HOST.docker_line("exec", "a b", "SELECT 'x'")
    assert "-oStrictHostKeyChecking=yes" in line
    assert line[-4:-1] == ["-p", "2222", "root@old.example.org"]
    assert line[-1] == """docker exec 'a b' 'SELECT '"'"'x'"'"''"""


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (
            "No ED25519 host key is known for old and you have requested strict checking.\r\n"
            "Host key verification failed.\r\n",
            r"Next: ssh -p 2222 root@old.example.org true",
        ),
        (
            "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n",
            r"is not the one that your known_hosts has",
        ),
        ("root@old: Permission denied (publickey).\n", r"ssh-copy-id -p 2222 root@old.example.org"),
        ("ssh: connect to host old port 22: No route to host\n", r"old.example.org: .*No route"),
    ],
)
def test_errors_of_ssh_name_what_to_do(printed: str, text: str) -> None:
    with pytest.raises(OperatorError, match=f"(?s){text}"):
        raise HOST.error(255, printed)


def test_docker_is_run_with_sudo_where_it_has_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(line: list[str], **options: Any) -> Any:
        refused = line[-1].startswith("docker")
        if refused:
            options["stderr"].write("permission denied while trying to connect\n")
        return subprocess.CompletedProcess(line, int(refused), stdout="24.0.7\n")

    monkeypatch.setattr(subprocess, "run", run)
    with legacy_host.opened("ssh://old.example.org") as host:
        assert host.docker == ("sudo", "-n", "docker")


def test_a_server_without_docker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(line: list[str], **options: Any) -> Any:
        missing = "docker" in line[-1]
        if missing:
            options["stderr"].write("docker: not found\n")
        return subprocess.CompletedProcess(line, 127 if missing else 0, stdout="")

    monkeypatch.setattr(subprocess, "run", run)
    with (
        pytest.raises(OperatorError, match=r"(?s)not found.*Next: use a user that may run docker"),
        legacy_host.opened("ssh://old.example.org"),
    ):
        pytest.fail("it was opened")
