"""What `fks drift` found: deviations, what it cannot tell, the verdict and the exit code."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

NONE, DRIFT, CANNOT_TELL = 0, 1, 2
CLOUDS = "clouds"
_REMOVE = "remove "


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One difference; `place` is a server or CLOUDS. `repair` is an argument of bin/repair, in the
    clouds a URN, or empty where a person must decide.
    """

    place: str
    kind: str
    name: str
    expected: str
    found: str
    repair: str = ""

    @property
    def ours(self) -> bool:
        """Whether it is of something that the project made: other things are only removed after a
        confirmation."""
        return not self.repair.startswith(_REMOVE)


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """What could not be compared: `command` is the one to type next, or empty."""

    place: str
    part: str
    reason: str
    command: str = ""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The findings of all places that were to be compared, in the order of `places`."""

    stack: str
    places: tuple[str, ...]
    deviations: tuple[Deviation, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0: no drift, 1: drift, 2: none was found, but not everything could be compared."""
        if self.deviations:
            return DRIFT
        return CANNOT_TELL if self.unknown else NONE

    @property
    def verdict(self) -> str:
        """One line that names every place, such as "drift: api 2; cannot tell: web; no drift:
        auth, clouds"."""
        counts = {place: self._count(self.deviations, place) for place in self.places}
        unknown = [place for place in self.places if self._count(self.unknown, place)]
        parts = {
            "drift": [f"{place} {count}" for place, count in counts.items() if count],
            "cannot tell": unknown,
            "no drift": [one for one, count in counts.items() if not count and one not in unknown],
        }
        return "; ".join(f"{part}: {', '.join(names)}" for part, names in parts.items() if names)

    @staticmethod
    def _count(found: Sequence[Deviation | Unknown], place: str) -> int:
        return sum(one.place == place for one in found)

    def document(self) -> dict[str, Any]:
        """{"stack", "verdict": in words, "exit_code", "places": [server or "clouds"],
        "deviations": [{"place", "kind", "name", "expected", "found", "repair"}],
        "unknown": [{"place", "part", "reason", "command"}], "notes": [text]}.
        """
        return {
            "stack": self.stack,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "places": list(self.places),
            "deviations": [asdict(one) for one in self.deviations],
            "unknown": [asdict(one) for one in self.unknown],
            "notes": list(self.notes),
        }
