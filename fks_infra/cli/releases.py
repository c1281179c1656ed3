"""`fks releases`: what is kept on each server, with the changes between neighbours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from fks_infra.cli.servers import code_of, connected, plain, show_unreached, write_json
from fks_infra.operate.kept_releases import KEYS, KeptRelease, kept
from fks_infra.operate.unreachable import Unreachable

# A longer list of files is only counted.
_LISTED = 5


def run(stack: str, names: Sequence[str], *, as_json: bool) -> int:
    """Print the releases; returns 0, 1 if a server was not reached, 2 if none was."""
    with connected(stack, names) as servers:
        found = servers.run(KEYS, "releases")
    if as_json:
        write_json({"stack": servers.stack, "servers": plain(found)})
        return code_of(found)
    console = Console(highlight=False)
    for name, one in found.items():
        if not isinstance(one, Unreachable):
            console.print(Text(name, style="bold"))
            for line in lines(kept(one)):
                console.print(Text(line), overflow="fold")
    show_unreached(found)
    return code_of(found)


def lines(releases: Sequence[KeptRelease]) -> Iterator[str]:
    """A line for each release, and one for each kind of changes since the one below it."""
    if not releases:
        yield "  nothing is deployed"
    for one in releases:
        service = ", in service" if one.in_service else ""
        deployed = f"{datetime.fromisoformat(one.deployed):%Y-%m-%d %H:%M:%S}"
        yield f"  {one.number}  {one.short}  {deployed}  {one.bytes >> 10} KiB{service}"
        for line in change_lines(one.changes or {}):
            yield f"     {line}"


def change_lines(changes: Mapping[str, Any]) -> Iterator[str]:
    """The files, images and settings of `changes`; nothing for none."""
    if files := changes.get("files"):
        yield f"files: {', '.join(files) if len(files) <= _LISTED else len(files)}"
    for image in changes.get("images", ()):
        yield f"image {image['name']}: {image['before'] or 'none'} -> {image['after'] or 'none'}"
    if settings := changes.get("settings"):
        yield f"settings: {', '.join(settings)}"
