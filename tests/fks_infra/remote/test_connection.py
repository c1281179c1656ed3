"""Commands over one connection, against a real sshd on this machine."""

import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fks_infra.remote import ssh
from fks_infra.remote.command import interactive, lines_of, output_of
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import control_path, key_file
from tests.contract.sshd import Servers

# Prints a line when it is ready, and ends with its input.
FOLLOW = "echo ready; cat >/dev/null; echo ended >{file}"


@pytest.fixture
def key(sshd: Servers) -> Iterator[Path]:
    with key_file(sshd.private_key("k1")) as file:
        yield file


@pytest.fixture
def logins(sshd: Servers) -> Callable[[], int]:
    """The number of logins since the test began."""
    log = sshd.directory / f"sshd.{sshd.port}.log"
    before = log.read_text().count("Accepted publickey")
    return lambda: log.read_text().count("Accepted publickey") - before


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_several_commands_are_one_login(
    server: DeployedServer, key: Path, logins: Callable[[], int]
) -> None:
    assert output_of(server, key, "echo one", 10.0) == "one\n"
    assert output_of(server, key, "echo two", 10.0) == "two\n"
    assert list(lines_of(server, key, "printf 'a\\nb\\n'")) == ["a\n", "b\n"]
    assert interactive(server, key, "exit 7", terminal=False) == 7
    assert logins() == 1


def test_the_connection_is_closed_with_the_key_file(server: DeployedServer, sshd: Servers) -> None:
    with key_file(sshd.private_key("k1")) as file:
        output_of(server, file, "true", 10.0)
        assert Path(control_path(file, server.name)).is_socket()
        path = str(file.parent)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert path not in running.stdout


def test_without_room_for_a_socket_each_command_logs_in(
    server: DeployedServer,
    sshd: Servers,
    tmp_path: Path,
    logins: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with key_file(sshd.private_key("k1")) as file:
        assert [output_of(server, file, "echo one", 10.0) for _ in range(2)] == ["one\n"] * 2
    assert logins() == 2


def test_a_command_that_fails_is_an_error_with_its_last_line(
    server: DeployedServer, key: Path
) -> None:
    lines = lines_of(server, key, "echo first; echo 'disk full' >&2; exit 3")
    assert next(lines) == "first\n"
    with pytest.raises(OSError, match=r"^disk full$"):
        next(lines)


def test_a_line_comes_when_it_is_complete_and_the_end_of_the_input_ends_the_command(
    server: DeployedServer, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ended"
    lines = lines_of(server, key, FOLLOW.format(file=file))
    assert next(lines) == "ready\n"
    assert not file.exists()
    lines.close()
    wait_until(file.exists)


def test_a_key_that_is_not_accepted(server: DeployedServer, sshd: Servers) -> None:
    with (
        key_file(sshd.private_key("k3")) as file,
        pytest.raises(OSError, match="Permission denied"),
    ):
        output_of(server, file, "true", 10.0)


def test_another_host_key_gets_nothing(
    server: DeployedServer, sshd: Servers, key: Path, logins: Callable[[], int]
) -> None:
    other = replace(server, host_key=" ".join(sshd.host_key("other").split()[:2]))
    with pytest.raises(OSError, match="Host key verification failed"):
        output_of(other, key, "true", 10.0)
    assert logins() == 0


def test_an_interactive_command_has_a_terminal(server: DeployedServer, key: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fks_infra.remote import ssh; "
        "from fks_infra.remote.command import interactive; "
        "from fks_infra.remote.inventory import DeployedServer; "
        f"ssh.USER, ssh._OPTIONS = {ssh.USER!r}, {ssh._OPTIONS!r}; "
        f"code = interactive({server!r}, Path({str(key)!r}), 'tty; exit 5', terminal=True); "
        "print('code', code)"
    )
    shown = run_in_a_terminal([sys.executable, "-c", code])
    assert "/dev/pts/" in shown or "/dev/tty" in shown, shown
    assert "code 5" in shown
    assert "closed" not in shown


def run_in_a_terminal(command: list[str]) -> str:
    """What the command writes to its terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child)
    os.close(child)
    found: list[bytes] = []

    def read() -> None:
        try:
            while data := os.read(parent, 1024):
                found.append(data)
        except OSError:
            return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    process.wait(20)
    reader.join(5)
    os.close(parent)
    return b"".join(found).decode()
