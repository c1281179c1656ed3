"""The backup certificates of the stack's servers, over SSH: each server alone knows its own."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from fks_infra.preflight.state import StateSnapshot
from fks_infra.remote.certificates import Certificate, read
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import key_file


def read_certificates(
    names: Sequence[str], state: StateSnapshot, ssh_key: str
) -> dict[str, Mapping[str, Certificate] | OSError]:
    """By server, all at the same time with one login each; an OSError says why there are none."""
    with key_file(ssh_key) as key, ThreadPoolExecutor(max_workers=len(names)) as pool:
        futures = {name: pool.submit(read, _server(name, state), key) for name in names}
        found = {name: (one.exception(), one) for name, one in futures.items()}
    return {
        name: error if isinstance(error, OSError) else one.result()
        for name, (error, one) in found.items()
    }


def _server(name: str, state: StateSnapshot) -> DeployedServer:
    """As the join found it; without a host key where it did not."""
    joined = json.loads(state.stdout.get(f"{name}-join-wait") or "{}")
    return DeployedServer(
        name=name,
        roles=(),
        instance_id="",
        address=str(joined.get("address", "")),
        host_key=str(joined.get("host_key", "")),
    )
