"""A loss of a drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rehearsal.world.scenario import Scenario


def nothing(scenario: Scenario) -> None:
    """For a loss that has no cause to be played."""
    del scenario


@dataclass(frozen=True, kw_only=True)
class Loss:
    """`title` is that of the section in docs/recovery.md, whose commands end it.

    `fill` has a text for each placeholder of the commands, found before the loss, or `late` when a
    command needs it. `typed`: what the operator types at a command that begins so. `before`: lines
    of the shell before each command. `new_servers`: whether instances may be replaced.
    """

    name: str
    title: str
    cause: Callable[[Scenario], None]
    fill: Mapping[str, Callable[[Scenario], str]] = field(default_factory=dict)
    late: Mapping[str, Callable[[Scenario], str]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    new_servers: bool = False
