"""The files of a new server's first boot: cloud-init's seed and root's SSH keys."""

import json
from pathlib import Path

from rehearsal.clouds.hypervisor import MachineSpec

SEED = "var/lib/cloud/seed/nocloud"
CGROUPS = Path(__file__).with_name("server") / "fks-cgroups"
AUTHORITY = "usr/local/share/ca-certificates/fks-acme.crt"
EMPTY = b"#cloud-config\n{}\n"


def files(machine: MachineSpec, trust: bytes = b"") -> dict[str, tuple[bytes, int]]:
    """Path without leading slash -> (content, mode).

    `trust` is the root certificate (PEM) of the rehearsal's certificate authority; real servers
    have the public authorities' roots already.
    """
    metadata = {"instance-id": str(machine.id), "local-hostname": machine.label}
    found = {
        "usr/local/sbin/fks-cgroups": (CGROUPS.read_bytes(), 0o755),
        f"{SEED}/meta-data": (json.dumps(metadata).encode() + b"\n", 0o644),
        f"{SEED}/user-data": (machine.user_data or EMPTY, 0o600),
    }
    if trust:
        found[AUTHORITY] = (trust, 0o644)
    if machine.authorized_keys:
        keys = "".join(f"{key.strip()}\n" for key in machine.authorized_keys)
        found["root/.ssh/authorized_keys"] = (keys.encode(), 0o600)
    return found
