"""What a new server finds on its disk at the first boot: cloud-init's seed and root's keys."""

import json
from pathlib import Path

from rehearsal.clouds.hypervisor import Machine

SEED = "var/lib/cloud/seed/nocloud"
CGROUPS = Path(__file__).with_name("server") / "fks-cgroups"
AUTHORITY = "usr/local/share/ca-certificates/fks-acme.crt"
NOTHING = b"#cloud-config\n{}\n"


def files(machine: Machine, trust: bytes = b"") -> dict[str, tuple[bytes, int]]:
    """Path without leading slash -> (content, mode). The instance id is the account's.

    `trust` is the certificate of an authority that real servers would know already.
    """
    metadata = {"instance-id": str(machine.id), "local-hostname": machine.label}
    laid = {
        "usr/local/sbin/fks-cgroups": (CGROUPS.read_bytes(), 0o755),
        f"{SEED}/meta-data": (json.dumps(metadata).encode() + b"\n", 0o644),
        f"{SEED}/user-data": (machine.user_data or NOTHING, 0o600),
    }
    if trust:
        laid[AUTHORITY] = (trust, 0o644)
    if machine.authorized_keys:
        keys = "".join(f"{key.strip()}\n" for key in machine.authorized_keys)
        laid["root/.ssh/authorized_keys"] = (keys.encode(), 0o600)
    return laid
