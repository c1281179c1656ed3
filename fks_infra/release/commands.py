"""The texts of every command the program runs, here or on a server. Pure, and free of secrets."""

import shlex
from collections.abc import Sequence

from fks_infra.topology.planning import ServerSpec

INCOMING = "/var/lib/fks/incoming"
HOST_SCRIPTS = "/usr/local/lib/fks"

# A killed `up` leaves a step running on its server, which ends within 25 minutes; the next `up`
# waits for it. Its own step is ended 25 minutes after that, and killed 30 seconds later.
_LOCK_WAIT = "--lock-wait 1560"
_BOUNDED = "timeout -k 30 3060"


def host_archive(digest: str) -> str:
    """Where the host scripts are uploaded to."""
    return f"{INCOMING}/host-{digest}.tar"


def release_archive(digest: str) -> str:
    """Where a release is uploaded to."""
    return f"{INCOMING}/{digest}.tar"


def bootstrap(digest: str, server: ServerSpec) -> str:
    """Check and unpack the uploaded host scripts, make them the current ones, run the bootstrap."""
    archive, home = host_archive(digest), f"{HOST_SCRIPTS}/{digest}"
    return "; ".join(
        (
            "set -eu",
            f'echo "{digest}  {archive}" | timeout 60 sha256sum --check --quiet',
            f"sudo mkdir -p {home}",
            f"sudo timeout 60 tar -xf {archive} -C {home} --no-same-owner",
            f"sudo ln -sfn {digest} {HOST_SCRIPTS}/current",
            f"sudo {_BOUNDED} {HOST_SCRIPTS}/current/bootstrap.sh --server {server.name}"
            f" --roles {','.join(server.roles)} --swap-mib {server.zram} {_LOCK_WAIT}",
        )
    )


def deploy(digest: str) -> str:
    """Make an uploaded release the running one; addresses and secrets come by standard input."""
    return f"sudo {_BOUNDED} {HOST_SCRIPTS}/current/bin/deploy --digest {digest} {_LOCK_WAIT}"


def join(
    server: str, tags: Sequence[str], instance_id: str, timeout: int, public_address: str | None
) -> str:
    """Wait, on this side, until a server is in the tailnet and answers SSH."""
    words = ["wait", "--server", server, "--hostname", host_name(server, instance_id)]
    words += ["--tags", ",".join(tags), "--timeout", str(timeout)]
    words += ["--ssh-address", public_address] if public_address else []
    return _step("join", words)


def leave(server: str, instance_id: str) -> str:
    """Take a server out of the tailnet."""
    return _step("join", ["remove", "--hostname", host_name(server, instance_id)])


def verify() -> str:
    """Check across servers; what to check comes by standard input."""
    return _step("verify", [])


def host_name(server: str, instance_id: str) -> str:
    """The name under which a server joins; unique, so a rebuilt one never becomes `name-1`."""
    return f"fks-{server}-{instance_id}"


def _step(name: str, words: list[str]) -> str:
    return shlex.join(["python3", "-m", f"fks_infra.steps.{name}", *words])
