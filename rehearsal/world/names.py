"""Names and addresses of the world. Labels on Docker objects are its only state."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WORK: Final = ROOT / ".rehearsal"

LABEL: Final = "fks.rehearsal"
WORLD: Final = "fks"
LABELS: Final = {LABEL: WORLD}

NETWORK: Final = "fks-world"
# A documentation range (RFC 5737): nothing real can be meant by these addresses.
SUBNET: Final = "198.51.100.0/24"
GATEWAY: Final = "198.51.100.1"
CLOUD: Final = "198.51.100.2"
REGISTRY: Final = "198.51.100.3"
APT: Final = "198.51.100.4"
OPERATOR: Final = "198.51.100.5"
OPERATOR_TAILNET: Final = "100.64.0.1/10"

CLOUD_NAMES: Final = (
    "api.linode.com",
    "api.cloudflare.com",
    "api.tailscale.com",
    "controlplane.tailscale.com",
    "pkgs.tailscale.com",
)
REGISTRY_NAMES: Final = ("registry-1.docker.io", "docker.io", "ghcr.io")


def container(part: str) -> str:
    """Return the container name of a part, e.g. ``fks-operator``."""
    return f"fks-{part}"
