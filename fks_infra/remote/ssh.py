"""The command line for a server: ssh with the deploy key, the pinned host key, one connection."""

from collections.abc import Sequence
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
    return [
        *("ssh", "-F", "none", "-t" if terminal else "-T", "-i", str(key)),
        f"-oControlPath={control_path(key, server.name)}",
        *_options(server, key.parent, connect),
        f"{USER}@{server.address}",
        *([command] if command else []),
    ]


def offer_line(server: DeployedServer, keys: Sequence[Path], connect: float) -> list[str]:
    """ssh's arguments for a login of its own that offers these public keys, whose private halves
    are not there; it prints what the server answers to each. Raises OSError as `command_line`.

    The keys are in one directory, which gets the host key.
    """
    return [
        *("ssh", "-F", "none", "-T", "-v", "-oControlPath=none"),
        *(word for key in keys for word in ("-i", str(key))),
        *_options(server, keys[0].parent, connect),
        f"{USER}@{server.address}",
        "true",
    ]


def _options(server: DeployedServer, directory: Path, connect: float) -> list[str]:
    if not server.host_key:
        raise OSError("the stack's outputs have no host key for it; run pulumi up")
    known = directory / f"{server.name}.known_hosts"
    known.write_text(f"{server.address} {server.host_key}\n")
    options = (*_OPTIONS, f"UserKnownHostsFile={known}", f"ConnectTimeout={connect:.0f}")
    return [f"-o{option}" for option in options]
