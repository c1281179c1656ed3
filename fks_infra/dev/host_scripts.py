"""The modules of host/ that a laptop uses as servers do."""

import sys

from fks_infra.paths import PROJECT_ROOT

# An installed package has no host/ beside it, but the checkout that it was installed from has.
if str(PROJECT_ROOT) not in sys.path:
    sys.path.append(str(PROJECT_ROOT))

from host.fks_deploy import (
    errors,
    file_tree,
    images,
    known_secrets,
    nginx,
    redact,
    secrets,
    served_builds,
    static_builds,
)
from host.fks_deploy import release as releases
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Shell

__all__ = [
    "Paths",
    "Shell",
    "errors",
    "file_tree",
    "images",
    "known_secrets",
    "nginx",
    "redact",
    "releases",
    "secrets",
    "served_builds",
    "static_builds",
]
