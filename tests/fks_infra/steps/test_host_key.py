"""Reading a host key: a server that is not ready is unavailable, and nothing hangs."""

import socket
import threading

import pytest

from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.steps import host_key
from tests.fks_infra.conftest import SshServer


def test_the_servers_ed25519_key_is_read(
    ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    assert host_key.scan("127.0.0.1") == ssh_server.host_key


def test_a_silent_port_is_unavailable_after_the_limit(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", silent_port)
    monkeypatch.setattr(host_key, "DIAL_SECONDS", 0.05)
    with pytest.raises(UnavailableError, match="timed out"):
        host_key.scan("127.0.0.1")


def test_a_port_of_another_protocol_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(host_key, "SSH_PORT", listener.getsockname()[1])
        greeter = threading.Thread(target=lambda: listener.accept()[0].sendall(b"220 mail"))
        greeter.start()
        with pytest.raises(UnavailableError, match="answers, but not with SSH"):
            host_key.scan("127.0.0.1")
        greeter.join()


def test_a_missing_ssh_keyscan_is_named_with_the_remedy(
    ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(RejectedError, match="Install OpenSSH's client"):
        host_key.scan("127.0.0.1")
