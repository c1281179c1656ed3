"""Names and addresses of the world's containers. Docker labels are the world's only state."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WORK: Final = ROOT / ".rehearsal"

# Reserved for documentation (RFC 5737) and benchmarks (RFC 2544): no real host has these.
_PREFIXES: Final = {"1": "198.51.100."} | {str(n): f"198.18.{n}." for n in range(2, 7)}


def _number() -> str:
    """Return the number in FKS_WORLD: several worlds can run on one machine."""
    number = os.environ.get("FKS_WORLD", "1")
    if number not in _PREFIXES:
        raise SystemExit(f"FKS_WORLD is {number!r}: set it to one of {', '.join(_PREFIXES)}")
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
# The world's own services; .internal is reserved and never delegated in the public DNS.
APT_NAME: Final = "apt.rehearsal.internal"
CONTROL_NAME: Final = "headscale.rehearsal.internal"
ACME_NAME: Final = "acme.rehearsal.internal"

CLOUD_NAMES: Final = (
    "api.linode.com",
    "api.cloudflare.com",
    "api.tailscale.com",
    "pkgs.tailscale.com",
    "nvidia.github.io",
    "discord.com",
    "hooks.rehearsal.internal",
    # The regions' S3 APIs.
    "*.linodeobjects.com",
)
REGISTRY_NAMES: Final = ("registry-1.docker.io", "docker.io", "ghcr.io")

# MODE of `make rehearse` -> stack.
STACKS: Final = {"multi": "prod", "single": "dev"}


def container_name(part: str) -> str:
    """Return the name of a container or volume of this world, e.g. ``fks-operator``."""
    return f"{WORLD}-{part}"
