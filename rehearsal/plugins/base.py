"""What a stand-in provider is made of: resources, functions, and the errors they may raise.

A provider is a mapping of type tokens to `Resource` objects and of function tokens to callables.
Everything goes in and comes out as rich values (see `values`); the protocol is in `server`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from rehearsal.plugins.values import Values


class Kind(Enum):
    """The kinds of difference the engine's detailed diff knows."""

    ADD = 0
    ADD_REPLACE = 1
    DELETE = 2
    DELETE_REPLACE = 3
    UPDATE = 4
    UPDATE_REPLACE = 5

    @property
    def replacing(self) -> Kind:
        """The kind of the same change where it forces a replacement."""
        return Kind(self.value | 1)


@dataclass(frozen=True, kw_only=True)
class Diff:
    """What an update would mean: `None` for `changes` lets it follow from the other fields.

    `detailed` maps property paths to kinds; `None` means that the provider gives no detailed diff.
    """

    diffs: Sequence[str] = ()
    replaces: Sequence[str] = ()
    detailed: Mapping[str, Kind] | None = None
    delete_before_replace: bool = False
    stables: Sequence[str] = ()
    changes: bool | None = None

    @property
    def any_changes(self) -> bool:
        """Whether there is anything to do."""
        if self.changes is not None:
            return self.changes
        return bool(self.diffs or self.replaces or self.detailed)


class Log(Protocol):
    """The engine's message channel; `ephemeral` messages show only while the operation runs."""

    def __call__(self, severity: str, message: str, *, ephemeral: bool = False) -> None:
        """Send one message; severity is `debug`, `info`, `warning` or `error`."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """The circumstances of one request. `timeout` is in seconds, 0 where none was given."""

    log: Log
    cancelled: threading.Event
    urn: str = ""
    name: str = ""
    type: str = ""
    preview: bool = False
    timeout: float = 0


class ProviderError(Exception):
    """A failure whose text is all the user shall see."""


class CheckError(ProviderError):
    """Inputs that the provider refuses: pairs of property path and reason."""

    def __init__(self, *failures: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in failures))
        self.failures = failures


class InitError(ProviderError):
    """A partial failure: the resource exists, is kept in state as given, and has these errors."""

    def __init__(self, id: str, outputs: Values, inputs: Values, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.id, self.outputs, self.inputs, self.reasons = id, outputs, inputs, reasons


def compare(olds: Values, news: Values, *, replace: frozenset[str] = frozenset()) -> Diff:
    """The diff of top-level properties, those in `replace` forcing a replacement."""
    detailed: dict[str, Kind] = {}
    for key in sorted(olds.keys() | news.keys()):
        if key in olds and key in news and olds[key] == news[key]:
            continue
        kind = Kind.ADD if key not in olds else Kind.DELETE if key not in news else Kind.UPDATE
        detailed[key] = kind.replacing if key in replace else kind
    replaces = [key for key in detailed if key in replace]
    return Diff(diffs=list(detailed), replaces=replaces, detailed=detailed)


class Resource:
    """One resource type, by default one whose outputs are its inputs, and changes are in place.

    `create` and `update` are called in previews too if the provider says `previews`: then
    `call.preview` is set, nothing may happen, and outputs not known yet are `UNKNOWN`.
    """

    def check(self, call: Call, olds: Values, news: Values) -> Values:
        """The inputs to use, defaults filled in, or `CheckError`; `olds` are the former ones."""
        del call, olds
        return news

    def diff(self, call: Call, id: str, state: Values, old_inputs: Values, news: Values) -> Diff:
        """Compare the stored resource with new inputs, from which ignored changes are gone."""
        del call, id, state
        return compare(old_inputs, news)

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        """Make it; returns id and outputs."""
        raise NotImplementedError

    def read(
        self, call: Call, id: str, state: Values, inputs: Values
    ) -> tuple[Values, Values] | None:
        """The outputs and inputs as they are now, or `None` where the resource is gone."""
        del call, id
        return state, inputs

    def update(
        self, call: Call, id: str, state: Values, old_inputs: Values, news: Values
    ) -> Values:
        """Change it in place; returns the new outputs."""
        raise NotImplementedError

    def delete(self, call: Call, id: str, state: Values, inputs: Values) -> None:
        """Remove it; `inputs` are those stored with it."""


Function = Callable[[Call, Values], Values]


@dataclass(kw_only=True)
class Provider:
    """One provider package. Subclass it where configuration must be checked or kept."""

    name: str
    resources: Mapping[str, Resource] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    accept_secrets: bool = True
    previews: bool = True

    def check_config(self, call: Call, olds: Values, news: Values) -> Values:
        """The provider's own inputs, defaults filled in; raises `CheckError`."""
        del call, olds
        return news

    def diff_config(self, call: Call, olds: Values, news: Values) -> Diff:
        """Changes of the provider's own inputs; a replacement replaces all its resources."""
        del call
        return compare(olds, news)

    def configure(self, call: Call, config: Values) -> None:
        """Take the checked inputs; called before any resource is touched."""

    def close(self) -> None:
        """Called once when the process ends."""
