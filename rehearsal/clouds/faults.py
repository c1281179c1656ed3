"""Faults on demand: the next matching requests fail, lie or are slow."""

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KNOWN = frozenset(
    {
        *("cloud", "method", "path", "agent"),
        *("status", "body", "headers", "delay", "count", "skip", "after"),
    }
)


@dataclass(kw_only=True)
class Fault:
    """What to do to requests that match.

    `status` None only delays. With `after` the request takes effect first and only its answer is
    replaced, as when a connection breaks between the two. `count` requests are hit, `skip` ones
    are let through before.
    """

    cloud: str = ".*"
    method: str = ".*"
    path: str = ".*"
    agent: str = ".*"
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    count: int = 1
    skip: int = 0
    after: bool = False

    def matches(self, cloud: str, method: str, path: str, agent: str) -> bool:
        """True when all patterns match; `path` may match anywhere, `agent` is who asks."""
        return bool(
            re.fullmatch(self.cloud, cloud)
            and re.fullmatch(self.method, method)
            and re.search(self.path, path)
            and re.fullmatch(self.agent, agent)
        )


class Faults:
    """The faults still waiting, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Queue one fault; an unknown key or a bad pattern raises ValueError."""
        unknown = sorted(set(wanted) - KNOWN)
        if unknown:
            raise ValueError(f"unknown fault key {unknown[0]!r}: use {', '.join(sorted(KNOWN))}")
        fault = Fault(**wanted)
        for pattern in (fault.cloud, fault.method, fault.path, fault.agent):
            try:
                re.compile(pattern)
            except re.error as bad:
                raise ValueError(f"{pattern!r} is no regular expression: {bad}") from bad
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(self, cloud: str, method: str, path: str, agent: str = "") -> Fault | None:
        """The fault this request meets, counted down; None when it may pass."""
        with self._lock:
            for fault in self._waiting:
                if not fault.matches(cloud, method, path, agent):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.count -= 1
                if fault.count <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def waiting(self) -> list[dict[str, Any]]:
        """What has not struck yet."""
        with self._lock:
            return [asdict(f) for f in self._waiting]

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._waiting.clear()
