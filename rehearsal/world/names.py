"""Names and addresses of the world. Labels on Docker objects are its only state."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WORK: Final = ROOT / ".rehearsal"

# A range for documentation (RFC 5737), and two for benchmarks (RFC 2544): nothing real has these.
_PREFIXES: Final = {"1": "198.51.100.", "2": "198.18.2.", "3": "198.18.3."}


def _number() -> str:
    """Several worlds can live on one machine; FKS_WORLD says which one is meant."""
    number = os.environ.get("FKS_WORLD", "1")
    if number not in _PREFIXES:
        raise SystemExit(f"FKS_WORLD is {number!r}; write one of: {', '.join(_PREFIXES)}")
    return number


NUMBER: Final = _number()
WORLD: Final = "fks" if NUMBER == "1" else f"fks{NUMBER}"
LABEL: Final = "fks.rehearsal"
LABELS: Final = {LABEL: WORLD}

NETWORK: Final = f"{WORLD}-world"
PREFIX: Final = _PREFIXES[NUMBER]
SUBNET: Final = f"{PREFIX}0/24"
GATEWAY: Final = f"{PREFIX}1"
CLOUD: Final = f"{PREFIX}2"
REGISTRY: Final = f"{PREFIX}3"
APT: Final = f"{PREFIX}4"
OPERATOR: Final = f"{PREFIX}5"
CONTROL: Final = f"{PREFIX}6"
ACME: Final = f"{PREFIX}7"
EXTERNAL_HOST: Final = f"{PREFIX}8"
# Where the servers find what is the world's own; a top-level domain nobody can own.
APT_NAME: Final = "apt.rehearsal.internal"
CONTROL_NAME: Final = "headscale.rehearsal.internal"
ACME_NAME: Final = "acme.rehearsal.internal"

CLOUD_NAMES: Final = (
    "api.linode.com",
    "api.cloudflare.com",
    "api.tailscale.com",
    "pkgs.tailscale.com",
)
REGISTRY_NAMES: Final = ("registry-1.docker.io", "docker.io", "ghcr.io")


def container_name(part: str) -> str:
    """Return the name of a part's container or volume, e.g. ``fks-operator``."""
    return f"{WORLD}-{part}"
