"""Containers, networks and volumes that are not the project's."""

import re
from collections.abc import Iterator, Sequence

from .context import Context
from .deviation import ABSENT, Deviation, not_ours

_PROJECT = "com.docker.compose.project"
_ANONYMOUS = "com.docker.volume.anonymous"
_BUILT_IN = ("bridge", "host", "none")
# The name that Docker gives to a volume of an image
_HASH = re.compile(r"[0-9a-f]{64}")


def deviations(context: Context) -> Iterator[Deviation]:
    project = context.compose.release.project
    for name, owner, image in _listed(context, ("ps", "--all"), ".Names", ".Image"):
        if owner != project:
            yield not_ours("container", name, f"image {image}")
    for name, owner, _ in _listed(context, ("network", "ls"), ".Name", ".Driver"):
        if owner != project and name not in _BUILT_IN:
            yield not_ours("network", name, "present")
    anonymous = f'.Label "{_ANONYMOUS}"'
    for name, owner, label in _listed(context, ("volume", "ls"), ".Name", anonymous):
        if owner != project and not label and not _HASH.fullmatch(name):
            # By hand: it may hold the only copy of data.
            yield Deviation("volume", name, ABSENT, "present")


def _listed(
    context: Context, command: Sequence[str], name: str, more: str
) -> Iterator[tuple[str, str, str]]:
    """Each object's name, its Compose project or "", and one more field."""
    template = f'{{{{{name}}}}}\t{{{{.Label "{_PROJECT}"}}}}\t{{{{{more}}}}}'
    for line in context.output(["docker", *command, "--format", template]).splitlines():
        first, owner, last = line.split("\t")
        yield first, owner, last
