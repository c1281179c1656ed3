"""Reads a server's SSH host key, without ever hanging on a port that stays silent."""

import socket
import subprocess

from fks_infra.clouds.http import RefusedError

SSH_PORT = 22
DIAL_SECONDS = 5.0


def scan(address: str, last: list[str]) -> str | None:
    """The server's ed25519 host key once it greets, else None with the reason in `last`."""
    try:
        with socket.create_connection((address, SSH_PORT), timeout=DIAL_SECONDS) as connection:
            banner = connection.recv(4)
    except OSError as error:
        last[:] = [f"port {SSH_PORT}: {error}"]
        return None
    if banner != b"SSH-":
        last[:] = [f"port {SSH_PORT} answers, but not with SSH"]
        return None
    return _host_key(address, last)


def _host_key(address: str, last: list[str]) -> str | None:
    seconds = str(max(1, round(DIAL_SECONDS)))
    command = ["ssh-keyscan", "-T", seconds, "-p", str(SSH_PORT), "-t", "ed25519", address]
    try:
        scanned = subprocess.run(
            command, capture_output=True, text=True, timeout=4 * DIAL_SECONDS, check=False
        )
    except FileNotFoundError:
        raise RefusedError("ssh-keyscan is missing here. Install OpenSSH's client.") from None
    except subprocess.TimeoutExpired:
        last[:] = ["ssh-keyscan took too long"]
        return None
    for line in scanned.stdout.splitlines():
        _, _, key = line.partition(" ")
        if key.startswith("ssh-ed25519 "):
            return key.strip()
    said = scanned.stderr.strip().splitlines()
    last[:] = [f"ssh-keyscan found no ed25519 key: {said[-1] if said else 'no answer'}"]
    return None
