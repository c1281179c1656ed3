"""Does this machine reach SSH on every server through the tailnet?

A ping may pass while routes are missing (tailscale/github-action#266), so only a TCP connection
counts.
"""

import socket
import subprocess
import time
from collections.abc import Callable, Sequence

from fks_infra.limits import SSH_PORT
from fks_infra.remote.inventory import DeployedServer

_CONNECT_SECONDS, _PAUSE, _COMMAND_SECONDS = 5.0, 2.0, 60.0
# The login is kept; only the routes are made anew.
RECONNECT = (["sudo", "tailscale", "down"], ["sudo", "tailscale", "up", "--timeout=50s"])

Connect = Callable[[str], str | None]


def unreachable(
    servers: Sequence[DeployedServer],
    seconds: float,
    connect: Connect | None = None,
    pause: float = _PAUSE,
) -> list[str]:
    """A sentence for each server that does not accept a connection within `seconds`."""
    connect = connect or _connect
    deadline = time.monotonic() + seconds
    pending = list(servers)
    while True:
        errors = {server: connect(server.address) for server in pending}
        pending = [server for server, error in errors.items() if error]
        left = deadline - time.monotonic()
        if not pending or left <= 0:
            return [_sentence(server, errors[server]) for server in pending]
        time.sleep(min(pause, left))


def reconnect() -> str:
    """Leave the tailnet and come back once; the error, empty without one."""
    for command in RECONNECT:
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=_COMMAND_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {type(error).__name__}"
        if done.returncode != 0:
            return f"{' '.join(command)}: {done.stderr.strip()}"
    return ""


def _connect(address: str) -> str | None:
    try:
        with socket.create_connection((address, SSH_PORT), _CONNECT_SECONDS):
            return None
    except OSError as error:
        return str(error)


def _sentence(server: DeployedServer, error: str | None) -> str:
    return (
        f"{server.name}: no TCP connection to {server.address}:{SSH_PORT} ({error}). Check that "
        f"the tailnet's policy allows it for this machine's tag (fks tailnet policy prints the "
        f"rule, fks:tailnetOperators has the tags), and that the server runs (fks doctor)"
    )
