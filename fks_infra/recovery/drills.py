"""The drills of docs/recovery.md, for the sheet: one source, whose commands are tested."""

import re
from collections.abc import Iterator

from fks_infra.paths import PROJECT_ROOT
from fks_infra.recovery.sheet import Drill

PAGE = PROJECT_ROOT / "docs" / "recovery.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def drills(markdown: str) -> tuple[Drill, ...]:
    """The sections that have commands, in their order."""
    return tuple(one for one in _sections(markdown) if one.commands)


def _sections(markdown: str) -> Iterator[Drill]:
    for part in re.split(r"^## ", markdown, flags=re.MULTILINE)[1:]:
        lines = "".join(_BLOCK.findall(part)).splitlines()
        yield Drill(title=part.splitlines()[0], commands=tuple(filter(None, lines)))
