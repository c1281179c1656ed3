"""The versions of the images that own a database schema: going back is a migration."""

import re
from pathlib import Path

from . import images
from .postgres_version import image_version
from .shell import Shell

_POSTGRES = "POSTGRES"
# The worker has the same image.
_AUTHENTIK = "AUTH_SERVER"
_RELEASE = re.compile(r":(\d{4}\.\d+(?:\.\d+)?)")


def versions(shell: Shell, release: Path) -> dict[str, str]:
    """Key of an image, as AUTH_POSTGRES, to its version: the major version of PostgreSQL, the
    release of Authentik. Without those that cannot be known: an image that is not local, a tag
    that is no version."""
    resolved = images.by_key(release)
    found = {
        key: _version(shell, key, name, resolved[key])
        for key, name in images.names(release).items()
    }
    return {key: version for key, version in found.items() if version}


def _version(shell: Shell, key: str, name: str, image: str) -> str:
    if key.endswith(_POSTGRES):
        return image_version(shell, image)
    match = _RELEASE.search(name) if key == _AUTHENTIK else None
    return match[1] if match else ""
