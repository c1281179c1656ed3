"""Real SSH servers on loopback ports, with their own keys."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

DEADLINE_SECONDS = 10
# SHLVL: bash reads no ~/.bashrc of this machine in a shell that is not the first one.
CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
ListenAddress ::1
HostKey {directory}/host
AuthorizedKeysFile {directory}/authorized_keys
PidFile none
UsePAM no
UseDNS no
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 200
Subsystem sftp internal-sftp
SetEnv SHLVL=2
{more}
"""


@dataclass(frozen=True)
class Servers:
    """Two servers with different AcceptEnv, and a port that accepts and sends nothing."""

    port: int
    port_no_accept_env: int
    port_silent: int
    directory: Path
    user: str

    def private_key(self, name: str) -> str:
        """`k1` and `k2` may log in, `k3` may not."""
        return (self.directory / name).read_text()

    def host_key(self, name: str = "host") -> str:
        """The public half of the servers' key, or of the `other` one."""
        return (self.directory / f"{name}.pub").read_text()


@contextlib.contextmanager
def servers(directory: Path) -> Iterator[Servers]:
    """Start the servers; stop them, by their process ids, at the end."""
    binary = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        pytest.fail("no sshd: install the Debian package openssh-server")
    for name in ("host", "other", "k1", "k2", "k3"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)]
        subprocess.run(command, check=True)
    allowed = "".join((directory / f"{name}.pub").read_text() for name in ("k1", "k2"))
    (directory / "authorized_keys").write_text(allowed)
    with contextlib.ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        accepting = "AcceptEnv FOO_* PULUMI_COMMAND_*"
        ports = [stack.enter_context(_serve(binary, directory, more)) for more in (accepting, "")]
        user = pwd.getpwuid(os.getuid()).pw_name
        yield Servers(ports[0], ports[1], silent.getsockname()[1], directory, user)


@contextlib.contextmanager
def _serve(binary: str, directory: Path, more: str) -> Iterator[int]:
    port = _free_port()
    config, log = directory / f"sshd_config.{port}", directory / f"sshd.{port}.log"
    config.write_text(CONFIG.format(port=port, directory=directory, more=more))
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([binary, "-D", "-f", str(config), "-E", str(log)])
    try:
        _wait_for(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
    pytest.fail(f"sshd did not listen on {port}: {log.read_text()}")
