"""Certificates where the edge reads them: key and chain in one file, so that nginx never sees the
one without the other."""

import os
from collections.abc import Iterable

from . import mark
from .authority import Certificate
from .lineage import Lineage
from .paths import Paths
from .shell import Shell

# The user the edge's container runs as.
EDGE_USER = 101


def install(shell: Shell, paths: Paths, wanted: Iterable[Certificate]) -> list[str]:
    """Hand over for each what is good for its names; returns the files that changed. What the edge
    has stays where nothing is."""
    changed = []
    for one in wanted:
        found = Lineage(shell, paths.letsencrypt, one.name).covering(one.domains)
        if found and hand_over(paths, one.name, found.pem):
            changed.append(f"{one.name}.pem")
    return changed


def hand_over(paths: Paths, name: str, pem: bytes) -> bool:
    """Give the edge a key and its chain, and nobody else; returns whether it had another one, which
    a mark says too until the edge has read it."""
    file, scratch = paths.tls / f"{name}.pem", paths.tls / f".{name}.pem.new"
    if file.exists() and file.read_bytes() == pem:
        return False
    mark.make(paths.reload_needed)
    paths.tls.mkdir(parents=True, exist_ok=True)
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
    # Only root may, and on a server it is root.
    if os.geteuid() == 0:
        os.chown(scratch, EDGE_USER, EDGE_USER)
    scratch.replace(file)
    return True
