"""What a change does: an effect for each part that it touches, and the worst of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How bad it is; the value is the exit code of `fks impact`."""

    NOTHING = 0
    NO_DOWNTIME = 10
    DOWNTIME = 11
    LOSS = 12


class Action(StrEnum):
    """What happens to a part."""

    UPDATED = "updated"
    RELOADED = "configuration reload"
    IN_TURN = "replaced in turn"
    STOPPED_FIRST = "stopped, then replaced"
    ADDED = "added"
    REMOVED = "removed"
    DEPLOYED = "release deployed"
    BOOTSTRAPPED = "host scripts run"
    RESIZED = "resized"
    MOVED = "moved"
    REBUILT = "rebuilt"
    CREATED = "created"
    DESTROYED = "destroyed"


_LOSS = frozenset({Action.REBUILT, Action.DESTROYED})


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What happens to one part of a server, or to a record.

    detail: why. seconds: how long it is away at most; None where nobody measured it. notices: who
    notices that. data: the volumes on the disk of a server that is moved or lost. refused: when
    `pulumi up` refuses it; "" for never.
    """

    part: str
    action: Action
    detail: str = ""
    seconds: int | None = 0
    notices: str = ""
    data: tuple[str, ...] = ()
    refused: str = ""

    @property
    def level(self) -> Level:
        """Loss follows from the action, downtime from the seconds."""
        if self.action in _LOSS:
            return Level.LOSS
        return Level.NO_DOWNTIME if self.seconds == 0 else Level.DOWNTIME


@dataclass(frozen=True, kw_only=True)
class Change:
    """A value before and after; None for none. A secret's is `set`, `changed` or None."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class ServerImpact:
    """unchanged: the services that keep their container."""

    effects: tuple[Effect, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Impact:
    """servers: by name. program: changed files that declare resources, whose effects only the
    engine shows. dollars: a month, by the price list of `priced`. notes: for the operator. engine:
    what the engine replaces and deletes, by resource; None if it was not run.
    """

    stack: str
    servers: Mapping[str, ServerImpact]
    records: tuple[Effect, ...]
    secrets: tuple[Change, ...]
    settings: tuple[Change, ...]
    images: tuple[Change, ...]
    program: tuple[str, ...]
    dollars_before: float
    dollars_after: float
    priced: str
    notes: tuple[str, ...]
    engine: Mapping[str, str] | None = None

    @property
    def level(self) -> Level:
        """The worst of all effects."""
        levels = [effect.level for effect in self.all_effects()]
        if self.settings or self.secrets or self.program:
            levels.append(Level.NO_DOWNTIME)
        return max(levels, default=Level.NOTHING)

    def all_effects(self) -> Iterator[Effect]:
        """Of servers and records."""
        for server in self.servers.values():
            yield from server.effects
        yield from self.records
