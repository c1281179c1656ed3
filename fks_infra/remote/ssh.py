"""The command line for a server: ssh with the deploy key, the pinned host key, one connection."""

from pathlib import Path

from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import control_path

USER = "deploy"
# Seconds: a connection that nothing uses ends after this time, also when `fks` was killed.
_IDLE = 120
# No file of the operator: they may name other keys, hosts or proxies.
_OPTIONS = (
    "BatchMode=yes",
    "ControlMaster=auto",
    f"ControlPersist={_IDLE}",
    "GlobalKnownHostsFile=/dev/null",
    "HostKeyAlgorithms=ssh-ed25519",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "LogLevel=ERROR",
    # A connection ends after 30 s without an answer.
    "ServerAliveInterval=10",
    "StrictHostKeyChecking=yes",
)


def command_line(
    server: DeployedServer,
    key: Path | None,
    command: str,
    connect: float,
    *,
    terminal: bool = False,
) -> list[str]:
    """ssh's arguments for a command on a server, for the shell there if `command` is empty; on the
    server itself, where `key` is None, those of its shell.

    `key` is the file of `key_file`; its directory gets the host key. `connect` limits the
    connection, in seconds. With `terminal` the command has one. Raises OSError without a host key.
    """
    if key is None:
        return ["sh", *(["-c", command] if command else [])]
    if not server.host_key:
        raise OSError("the stack's outputs have no host key for it; run pulumi up")
    known = key.with_name(f"{server.name}.known_hosts")
    known.write_text(f"{server.address} {server.host_key}\n")
    options = (
        *_OPTIONS,
        f"ControlPath={control_path(key, server.name)}",
        f"UserKnownHostsFile={known}",
        f"ConnectTimeout={connect:.0f}",
    )
    return [
        *("ssh", "-F", "none", "-t" if terminal else "-T", "-i", str(key)),
        *(f"-o{option}" for option in options),
        f"{USER}@{server.address}",
        *([command] if command else []),
    ]
