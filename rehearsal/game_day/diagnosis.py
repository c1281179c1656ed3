"""What a command of `fks` says of a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.world.operator import Operator

Document = dict[str, Any]


@dataclass(frozen=True)
class Remark:
    """What a command says is wrong, and the command or click that it names; "" if none."""

    text: str
    advice: str


def _status(document: Document) -> Iterator[Remark]:
    for one in (*document["problems"], *document["warnings"]):
        yield Remark(f"{one['server']}: {one['text']}", one["command"])


def _doctor(document: Document) -> Iterator[Remark]:
    for one in document["findings"]:
        if one["verdict"] != "ok":
            yield Remark(f"{one['check']}: {one['detail']}", one["remedy"])


def _history(document: Document) -> Iterator[Remark]:
    for one in document["events"]:
        yield Remark(f"{one['server']}: {one.get('text', '')}", "")


_READERS: dict[str, Callable[[Document], Iterator[Remark]]] = {
    "status": _status,
    "doctor": _doctor,
    "history": _history,
}


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """`command` of `fks` has to say something that matches `pattern`, at the latest `seconds` after
    the cause. {server} in the pattern is the server's name."""

    command: str
    pattern: str
    seconds: float = 150

    @property
    def lasting(self) -> bool:
        """Whether the command says it only as long as the fault lasts; a history keeps it."""
        return self.command != "history"

    def read(self, operator: Operator, server: str, since: str) -> Remark | None:
        """Run the command; the first remark that matches. `since`: time in UTC, for a history."""
        window = ["--since", since] if not self.lasting else []
        text = operator.stdout(["fks", self.command, *window, "--json"])
        # Without a document the command has failed, and says nothing of the fault.
        remarks = _READERS[self.command](json.loads(text)) if text.strip() else ()
        pattern = self.pattern.format(server=server)
        return next((one for one in remarks if re.search(pattern, one.text)), None)
