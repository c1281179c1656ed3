"""How much of a resource is in use, and from which value on that is a problem."""

from collections.abc import Iterator
from dataclasses import dataclass

from .problem import Problem


@dataclass(frozen=True)
class Usage:
    """In percent, or for the load in processes. Each limit is a problem of its own when `value` is
    above it; `command` is the one to type then."""

    name: str
    value: float
    limits: tuple[float, ...]
    command: str
    percent: bool = True

    def problems(self) -> Iterator[Problem]:
        """One for each limit that is exceeded."""
        for limit in self.limits:
            if self.value > limit:
                text = f"{self.name} is at {self._shown(self.value)}, limit {self._shown(limit)}"
                yield Problem(self._key(limit), text, self.command)

    def _key(self, limit: float) -> str:
        name = self.name.lower()
        return f"{name} {limit:.0f}" if len(self.limits) > 1 else name

    def _shown(self, value: float) -> str:
        return f"{value:.0f} %" if self.percent else f"{value:.1f}"
