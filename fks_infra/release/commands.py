"""The texts of every command that the program runs, here or on a server. They hold no secrets."""

import shlex
from collections.abc import Sequence

from fks_infra.limits import LOCK_WAIT_SECONDS, STEP_KILL_SECONDS, STEP_TIMEOUT_SECONDS
from fks_infra.remote.host_scripts import HOST_SCRIPTS
from fks_infra.topology.names import host_name
from fks_infra.topology.servers import ServerSpec

INCOMING = "/var/lib/fks/incoming"

_LOCK_WAIT = f"--lock-wait {LOCK_WAIT_SECONDS}"
_BOUNDED = f"timeout -k {STEP_KILL_SECONDS} {STEP_TIMEOUT_SECONDS}"


def host_archive(digest: str) -> str:
    """Where the host scripts are uploaded to."""
    return f"{INCOMING}/host-{digest}.tar"


def release_archive(digest: str) -> str:
    """Where a release is uploaded to."""
    return f"{INCOMING}/{digest}.tar"


def bootstrap(digest: str, server: ServerSpec) -> str:
    """Verify, unpack and activate the uploaded host scripts, then run the bootstrap."""
    archive, home = host_archive(digest), f"{HOST_SCRIPTS}/{digest}"
    nvidia = f" --nvidia-key {server.nvidia_key}" if server.nvidia_key else ""
    return "; ".join(
        (
            "set -eu",
            f'echo "{digest}  {archive}" | timeout 60 sha256sum --check --quiet',
            f"sudo mkdir -p {home}",
            f"sudo timeout 60 tar -xf {archive} -C {home} --no-same-owner",
            f"sudo ln -sfn {digest} {HOST_SCRIPTS}/current",
            f"sudo {_BOUNDED} {HOST_SCRIPTS}/current/bootstrap.sh --server {server.name}"
            f" --roles {','.join(server.roles)} --zram-mib {server.zram}{nvidia}"
            f" {_LOCK_WAIT}",
        )
    )


def deploy(digest: str) -> str:
    """Deploy an uploaded release; the deploy request comes by standard input."""
    return f"sudo {_BOUNDED} {HOST_SCRIPTS}/current/bin/deploy --digest {digest} {_LOCK_WAIT}"


def join(
    server: str,
    tags: Sequence[str],
    instance_id: str,
    timeout_seconds: int,
    public_address: str | None,
    address: str | None = None,
) -> str:
    """Wait, on the operator's machine, until a server is in the tailnet and answers SSH.

    `address` is the one it has in the tailnet, where that is known.
    """
    words = ["wait", "--server", server, "--hostname", host_name(server, instance_id)]
    words += ["--tags", ",".join(tags), "--timeout", str(timeout_seconds)]
    words += ["--ssh-address", public_address] if public_address else []
    words += ["--address", address] if address else []
    return _step("join", words)


def leave(server: str, instance_id: str) -> str:
    """Remove a server from the tailnet."""
    return _step("join", ["remove", "--hostname", host_name(server, instance_id)])


def verify() -> str:
    """Check all servers; the plan comes by standard input."""
    return _step("verify", [])


def _step(name: str, words: list[str]) -> str:
    return shlex.join(["python3", "-m", f"fks_infra.steps.{name}", *words])
