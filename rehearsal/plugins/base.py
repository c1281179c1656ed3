"""What a stand-in provider consists of: resources, and the errors they may raise.

A provider maps type tokens to `Resource` objects. Inputs and outputs are rich values (see
`values`); the engine's protocol is in `server`. Every resource type, input and function that the
program does not use is an error that names it.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rehearsal.plugins.values import Values


class Kind(Enum):
    """The kinds of difference in the engine's detailed diff."""

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
    """What an update would change; `detailed` maps property paths to kinds.

    `None` for `detailed` means that the provider gives no detailed diff.
    """

    diffs: Sequence[str] = ()
    replaces: Sequence[str] = ()
    detailed: Mapping[str, Kind] | None = None

    @property
    def any_changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.diffs or self.replaces or self.detailed)


@dataclass(frozen=True, kw_only=True)
class Call:
    """The circumstances of one request. `timeout` is in seconds, 0 where none was given.

    `log(severity, message, ephemeral=False)` sends a message to the engine; severity is `info`,
    `warning` or `error`, and an ephemeral message shows only while the operation runs.
    """

    log: Callable[..., None]
    cancelled: threading.Event
    urn: str = ""
    name: str = ""
    type: str = ""
    preview: bool = False
    timeout: float = 0


@dataclass(frozen=True)
class Stored:
    """A resource in the state; at an import, outputs and inputs are empty."""

    id: str
    outputs: Values
    inputs: Values


class ProviderError(Exception):
    """A failure; the engine shows its text."""


class CheckError(ProviderError):
    """Invalid inputs: pairs of property path and reason."""

    def __init__(self, *failures: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in failures))
        self.failures = failures


class InitError(ProviderError):
    """A partial failure: the resource exists, is kept in state as given, and has these errors."""

    def __init__(self, id: str, outputs: Values, inputs: Values, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.id, self.outputs, self.inputs, self.reasons = id, outputs, inputs, reasons


def not_modelled(what: str) -> str:
    """The error text for something that the program does not use; `what` names it."""
    return (
        f"not modelled: {what}. The stand-in plugin models what the program uses: "
        "leave it out, or rehearse with the real plugin (FKS_PLUGIN_DIR)"
    )


def require_modelled(owner: str, news: Values, modelled: Collection[str]) -> None:
    """Raise `CheckError` for inputs of `owner` outside `modelled`; the bridge's notes pass."""
    others = sorted(name for name in news if name not in modelled and not name.startswith("__"))
    if others:
        texts = [not_modelled(f"input {name} of {owner}") for name in others]
        raise CheckError(*zip(others, texts, strict=True))


class Resource(ABC):
    """One resource type.

    `create` and `update` run in previews too: then `call.preview` is set, they must change
    nothing, and outputs that are not known yet are `UNKNOWN`.
    """

    @abstractmethod
    def check(self, call: Call, news: Values) -> Values:
        """The inputs with defaults filled in; raises `CheckError`."""

    @abstractmethod
    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        """Compare the stored resource with new inputs."""

    @abstractmethod
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        """Create it; returns id and outputs."""

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        """The current outputs and inputs, or `None` where the resource does not exist any more."""
        del call
        return old.outputs, old.inputs

    @abstractmethod
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        """Change it in place; returns the new outputs."""

    def delete(self, call: Call, old: Stored) -> None:  # noqa: B027
        """Remove it, by default only from the state."""


@dataclass(kw_only=True)
class Provider:
    """One provider package: its resources by type token, and the names of its own inputs."""

    name: str
    resources: Mapping[str, Resource]
    settings: frozenset[str] = frozenset()
    accept_secrets: bool = True

    def check_config(self, news: Values) -> Values:
        """The provider's own inputs; raises `CheckError`."""
        require_modelled(f"provider {self.name}", news, {*self.settings, "version"})
        return news

    def diff_config(self, olds: Values, news: Values) -> Diff:
        """Changes of the provider's own inputs."""
        names = sorted(olds.keys() | news.keys())
        return Diff(diffs=[name for name in names if olds.get(name) != news.get(name)])

    def configure(self, call: Call, config: Values) -> None:
        """Take the checked inputs; called before any request for a resource."""
