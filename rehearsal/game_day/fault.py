"""A fault of a game day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from rehearsal.game_day.diagnosis import Diagnosis
from rehearsal.world.scenario import Scenario


@dataclass(frozen=True)
class Repair:
    """A command of the operator as it is typed, or with `click` the path through a console, which
    it follows in a stand-in cloud. {server} is the server's name."""

    text: str
    click: Callable[[Scenario, str], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`breaks` is one sentence with {server}; `cause` breaks it on the server of `role` for a block
    and undoes what is left at its end; without `repair` it recovers by itself.

    `several`: only in a stack of several servers.
    """

    name: str
    breaks: str
    role: str
    cause: Callable[[Scenario, str], AbstractContextManager[None]]
    diagnosis: Diagnosis
    repair: tuple[Repair, ...] = ()
    several: bool = False
