"""The recovery sheet: what must be kept, where it is, and the commands of each drill."""

from collections.abc import Iterator
from dataclasses import dataclass

# For what only a person knows, to be written by hand.
BLANK = "_" * 24
_WIDTH = 22


@dataclass(frozen=True, kw_only=True)
class Section:
    """A title, and rows of label and text."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A loss, and the lines of a shell that end it."""

    title: str
    commands: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`secrets` is the encrypted text, with armor; empty for a sheet without secrets."""

    stack: str
    time: str
    sections: tuple[Section, ...]
    drills: tuple[Drill, ...]
    secrets: str = ""

    @property
    def title(self) -> str:
        """Its first line."""
        return f"Recovery sheet of stack {self.stack}, {self.time}"


# What to do with the encrypted part.
DECRYPT = (
    "Save the lines from BEGIN to END as secrets.age. This prints a JSON document: "
    "age --decrypt --identity KEY secrets.age"
)


def text(sheet: Sheet) -> str:
    """The sheet for a terminal."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield sheet.title
    for section in sheet.sections:
        yield from ("", section.title)
        yield from (f"  {label:<{_WIDTH}} {value}" for label, value in section.rows)
    for drill in sheet.drills:
        yield from ("", drill.title)
        yield from (f"  {command}" for command in drill.commands)
    if sheet.secrets:
        yield from ("", f"Secrets. {DECRYPT}", sheet.secrets)
