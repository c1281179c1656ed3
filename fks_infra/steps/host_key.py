"""Reads a server's SSH host key. A port that accepts and stays silent does not block it."""

import socket
import subprocess

from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.limits import SSH_PORT

DIAL_SECONDS = 5.0


def scan(address: str) -> str:
    """The server's ed25519 host key as `ssh-ed25519 AAAA...`.

    Raises UnavailableError while the server does not present one, RejectedError where ssh-keyscan
    is missing.
    """
    try:
        with socket.create_connection((address, SSH_PORT), timeout=DIAL_SECONDS) as connection:
            banner = connection.recv(4)
    except OSError as error:
        raise UnavailableError(f"port {SSH_PORT}: {error}") from None
    if banner != b"SSH-":
        raise UnavailableError(f"port {SSH_PORT} answers, but not with SSH")
    return _host_key(address)


def _host_key(address: str) -> str:
    seconds = str(max(1, round(DIAL_SECONDS)))
    command = ["ssh-keyscan", "-T", seconds, "-p", str(SSH_PORT), "-t", "ed25519", address]
    try:
        scanned = subprocess.run(
            command, capture_output=True, text=True, timeout=4 * DIAL_SECONDS, check=False
        )
    except FileNotFoundError:
        raise RejectedError("ssh-keyscan is missing here", "Install OpenSSH's client") from None
    except subprocess.TimeoutExpired:
        raise UnavailableError("ssh-keyscan took too long") from None
    for line in scanned.stdout.splitlines():
        _, _, key = line.partition(" ")
        if key.startswith("ssh-ed25519 "):
            return key.strip()
    reason = (scanned.stderr.strip().splitlines() or ["no answer"])[-1]
    raise UnavailableError(f"ssh-keyscan found no ed25519 key: {reason}")
