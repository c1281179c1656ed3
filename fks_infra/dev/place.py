"""Where the development stack keeps its files, and its names."""

from pathlib import Path

from fks_infra.config.plans import SINGLE
from fks_infra.paths import PROJECT_ROOT

# Browsers resolve names below `localhost` to this machine: RFC 6761, section 6.3.
DOMAIN = "fks.localhost"
PROJECT = "fks-dev"
SERVER = SINGLE
# Below it the paths are those of a server. Git ignores it.
ROOT = PROJECT_ROOT / ".fks" / "dev"


def release(root: Path) -> Path:
    """The directory of the release."""
    return root / "release"


def sources(root: Path) -> Path:
    """The compose file of the local sources."""
    return root / "sources.yaml"


def trust(root: Path) -> Path:
    """The trust store of the containers."""
    return root / "trust"


def authority(root: Path) -> Path:
    """The certificate of the local authority, for browsers."""
    return root / "authority" / "ca.pem"
