"""The journal of a move, on the operator's machine: which steps began and ended, and what they
found.

A file for each stack in XDG_STATE_HOME/fks (default ~/.local/state/fks). Only `fks migrate` has it:
what is closed, prepared or stopped is recorded on the servers, and what serves in the stack's file.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fks_infra.errors import OperatorError


@dataclass(frozen=True, kw_only=True)
class Journal:
    """A move from the servers of the mode `source`, or a legacy server as ssh://HOST, to those of
    `target`; `back` if it undoes an earlier one. `steps` is name to {"began", "ended": UTC as in
    ISO 8601, "" while it runs, and what the step found}.
    """

    stack: str
    source: str
    target: str
    back: bool = False
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def legacy(self) -> bool:
        """Whether the data come from a server that no stack knows."""
        return self.source.startswith("ssh://")

    @property
    def old(self) -> str:
        """Who serves until the switch, as the subject of a sentence about several."""
        return (
            f"The containers of {self.source}" if self.legacy else f"The servers of {self.source}"
        )

    @property
    def command(self) -> str:
        """What goes on with it."""
        if self.legacy:
            return f"fks migrate from {self.source}"
        return "fks migrate " + ("back" if self.back else f"{self.source}-to-{self.target}")

    def began(self, step: str) -> bool:
        """Whether it was begun, maybe in a run that was killed."""
        return step in self.steps

    def done(self, step: str) -> bool:
        return bool(self.steps.get(step, {}).get("ended"))

    def begin(self, step: str) -> "Journal":
        """Keeps the time of a first, interrupted attempt. Errors: OSError."""
        first = self.steps.get(step, {}).get("began") or _now()
        return self._with({**self.steps, step: {"began": first, "ended": ""}})

    def end(self, step: str, **found: Any) -> "Journal":
        """Errors: OSError."""
        entry = {**self.steps[step], "ended": _now(), **found}
        return self._with({**self.steps, step: entry})

    def without(self, steps: Iterable[str]) -> "Journal":
        """These steps have to be done again."""
        again = set(steps)
        return self._with({name: one for name, one in self.steps.items() if name not in again})

    def seconds(self, first: str, last: str) -> float:
        """From the beginning of one step to the end of another."""
        times = (self.steps[first]["began"], self.steps[last]["ended"])
        began, ended = (datetime.fromisoformat(one) for one in times)
        return (ended - began).total_seconds()

    def age(self, step: str) -> float:
        """Seconds since its end."""
        ended = datetime.fromisoformat(self.steps[step]["ended"])
        return (datetime.now(UTC) - ended).total_seconds()

    def remove(self) -> None:
        path(self.stack).unlink(missing_ok=True)

    def _with(self, steps: Mapping[str, Mapping[str, Any]]) -> "Journal":
        changed = replace(self, steps=steps)
        file = path(self.stack)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(changed), indent=2) + "\n")
        new.replace(file)
        return changed


def load(stack: str) -> Journal | None:
    """None without a move; OperatorError for a file that is not this program's."""
    file = path(stack)
    if not file.exists():
        return None
    try:
        return Journal(**json.loads(file.read_text()))
    except (ValueError, TypeError):
        raise OperatorError(
            f"{file} is damaged, so the steps of the move are not known. Nothing was changed: the "
            f"servers and the stack's file have their state. Delete it, and the move begins again "
            f"with its first copy.\nNext: rm {file}"
        ) from None


def path(stack: str) -> Path:
    """The file of a stack, whose name may have organization and project."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(state) / "fks" / f"migrate-{stack.replace('/', '-')}.json"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
