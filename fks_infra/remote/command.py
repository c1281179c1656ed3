"""Runs a command on a server over SSH, with the deploy key and the pinned host key."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor.findings import InconclusiveError
from fks_infra.errors import OperatorError
from fks_infra.remote.inventory import DeployedServer

USER = "deploy"
# No file of the operator: they may name other keys, hosts or proxies.
_OPTIONS = (
    "BatchMode=yes",
    "ControlPath=none",
    "GlobalKnownHostsFile=/dev/null",
    "HostKeyAlgorithms=ssh-ed25519",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "StrictHostKeyChecking=yes",
)


@contextmanager
def deploy_key(stack: str, seconds: float) -> Iterator[Path]:
    """The file of fks:deployKey, readable by this user only, deleted afterwards.

    Raises InconclusiveError where pulumi cannot decrypt it within `seconds`.
    """
    try:
        key = pulumi("config", "get", "fks:deployKey", "--stack", stack, seconds=seconds)
    except OperatorError as error:
        raise InconclusiveError(f"fks:deployKey cannot be read: {error}") from None
    with key_file(key) as file:
        yield file


@contextmanager
def key_file(key: str) -> Iterator[Path]:
    """A file with this key, readable by this user only, deleted afterwards."""
    with TemporaryDirectory(prefix="fks-key-") as directory:
        file = Path(directory) / "key"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(key.strip() + "\n")
        yield file


def output_of(
    server: DeployedServer, key: Path, command: str, seconds: float, connect: float | None = None
) -> str:
    """The command's standard output. Raises OSError with the last line that ssh printed.

    `seconds` limits all of it, `connect` the connection (also `seconds` without it).
    """
    if not server.host_key:
        raise OSError("the stack's outputs have no host key for it; run pulumi up")
    known = key.with_name(f"{server.name}.known_hosts")
    known.write_text(f"{server.address} {server.host_key}\n")
    options = [*_OPTIONS, f"UserKnownHostsFile={known}", f"ConnectTimeout={connect or seconds:.0f}"]
    ssh = ["ssh", "-F", "none", "-i", str(key), *(f"-o{option}" for option in options)]
    try:
        done = subprocess.run(
            [*ssh, f"{USER}@{server.address}", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"no answer within {seconds:g} s") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise OSError(lines[-1])
    return done.stdout
