"""The kinds of rows of the table: how a documented command is run, by whom, or why by no test."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    """Where a command is run."""

    HERE = "in a copy of the checkout, without account, Docker and world"
    MACHINE = "in a copy of the checkout, on the machine of a world"
    OPERATOR = "in the operator's container of a world, in a shell"
    SERVER = "on a server of a world, by its user deploy"


class Wait(StrEnum):
    """What is waited for after a command on a server."""

    NOTHING = "nothing"
    HEALTHY = "every health URL answers healthy"
    REBOOTED = "the server has booted, then HEALTHY"


@dataclass(frozen=True, kw_only=True)
class Row:
    """`*` in the pattern stands for any text; a row is for every command that it matches, but not
    for one with `unless`; `|` separates several."""

    pattern: str
    unless: str = ""

    def matches(self, text: str) -> bool:
        if self.unless and any(one in text for one in self.unless.split("|")):
            return False
        return bool(re.fullmatch(re.escape(self.pattern).replace(r"\*", ".*"), text))

    def commands(self, texts: Iterable[str]) -> list[str]:
        """The commands of the row, each once."""
        return sorted({text for text in texts if self.matches(text)})


@dataclass(frozen=True, kw_only=True)
class Run(Row):
    """`fill` has a text for each placeholder; the shell expands it. `stdin` is what is typed.

    `before` and `after` are lines of the same shell, which must succeed too; `output` is a part of
    what all of it prints, on both channels. `mark` is the marker of a test that takes long.
    """

    place: Place
    fill: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    stdin: str = ""
    code: int = 0
    after: str = ""
    output: str = ""
    server: str = "api"
    wait: Wait = Wait.NOTHING
    mark: str = ""

    def script(self, command: str) -> str:
        """The lines of the shell for one of the row's commands."""
        typed = f'printf "{self.stdin}" | ' if self.stdin else ""
        failed = f'echo "exit code $code, expected {self.code}"; exit 1'
        lines = ["set -e", self.before, f"code=0; {typed}( {command}\n) 2>&1 || code=$?"]
        lines += [f'[ "$code" = {self.code} ] || {{ {failed}; }}', self.after]
        text = "\n".join(filter(None, lines))
        for name, value in self.fill.items():
            text = text.replace(name, value)
        return text


@dataclass(frozen=True, kw_only=True)
class By(Row):
    """A step of a workflow runs the command, perhaps with more options."""

    workflow: str


@dataclass(frozen=True, kw_only=True)
class InTest(Row):
    """Another test runs the command; `test` is its file, which has the text `words`."""

    test: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Outside(Row):
    """It needs an account, a person, or a service outside of the rehearsal."""

    reason: str
