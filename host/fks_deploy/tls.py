"""The certificate files the edge reads: key and chain in one file, so that both change at once."""

import os
from collections.abc import Iterable

from . import atomic_file, marker
from .acme import Certificate
from .limits import EDGE_USER_ID
from .lineage import Lineage
from .paths import Paths
from .shell import Shell


def install(shell: Shell, paths: Paths, certificates: Iterable[Certificate]) -> list[str]:
    """Copy the newest usable version of each certificate to the edge's directory; returns the names
    of changed files. A certificate without a usable version keeps its file."""
    changed = []
    for certificate in certificates:
        lineage = Lineage(shell, paths.letsencrypt, certificate.name)
        found = lineage.covering(certificate.domains)
        if found and write_pem(paths, certificate.name, found.pem):
            changed.append(f"{certificate.name}.pem")
    return changed


def write_pem(paths: Paths, name: str, pem: bytes) -> bool:
    """Write NAME.pem, readable by the edge only; returns whether it changed. The marker
    `reload-needed` is created before the change and stays until nginx has reloaded."""
    file = paths.tls / f"{name}.pem"
    if file.exists() and file.read_bytes() == pem:
        return False
    marker.create(paths.reload_needed)
    paths.tls.mkdir(parents=True, exist_ok=True)
    # Always root on a server; the unit tests may run as another user.
    atomic_file.write(file, pem, 0o400, EDGE_USER_ID if os.geteuid() == 0 else None)
    return True
