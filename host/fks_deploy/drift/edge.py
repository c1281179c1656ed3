"""The files that containers have mounted: those of the edge, its certificates, scripts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import activation, file_tree
from ..lineage import Lineage
from .context import Context
from .deviation import EDGE, MISSING, Deviation, not_ours

_INSTALLED = "as in the release"
# fks-edge adds servers of the tailnet, and those that joined since its last run are no drift.
_CALLER = re.compile(rb"set_real_ip_from 100\.[\d.]+;[ ]?")


def files(context: Context) -> Iterator[Deviation]:
    """Files of the release as a deploy writes them."""
    compose, paths = context.compose, context.paths
    scripts = file_tree.read(compose.release.directory / "compose/lib")
    yield from _compare(paths.lib, scripts)
    yield from _compare(paths.nginx, activation.configuration(compose))


def certificates(context: Context) -> Iterator[Deviation]:
    """The files of the edge against certbot's newest certificates."""
    for certificate in context.compose.release.certificates:
        lineage = Lineage(context.shell, context.paths.letsencrypt, certificate.name)
        newest = lineage.covering(certificate.domains)
        file = context.paths.tls / f"{certificate.name}.pem"
        found = file.read_bytes() if file.exists() else None
        if newest and found != newest.pem:
            state = MISSING if found is None else "another certificate or key"
            yield Deviation("certificate", str(file), "the newest of certbot", state, EDGE)


def _compare(directory: Path, expected: Mapping[str, bytes]) -> Iterator[Deviation]:
    present = file_tree.read(directory)
    for name, content in expected.items():
        if _comparable(present.get(name)) != _comparable(content):
            found = "other content" if name in present else MISSING
            yield Deviation("file", str(directory / name), _INSTALLED, found, EDGE)
    for name in sorted(present.keys() - expected.keys()):
        yield not_ours("file", str(directory / name), "present")


def _comparable(content: bytes | None) -> bytes | None:
    return content and _CALLER.sub(b"", content)
