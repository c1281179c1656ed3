"""Faults on demand: the next matching requests fail or are slow."""

import re
import threading
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(kw_only=True)
class Fault:
    """The patterns of the requests to hit, and what happens to them.

    `path` may match anywhere, the other patterns match the whole value; `agent` is the User-Agent.
    Without `status` the request is only delayed, by `delay` seconds. With `after` it takes effect
    first, then its answer is replaced. The next `count` matching requests are hit.
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
    after: bool = False

    def matches(self, cloud: str, method: str, path: str, agent: str) -> bool:
        """Whether all patterns match."""
        return bool(
            re.fullmatch(self.cloud, cloud)
            and re.fullmatch(self.method, method)
            and re.search(self.path, path)
            and re.fullmatch(self.agent, agent)
        )


class Faults:
    """The pending faults, oldest first."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, values: dict[str, Any]) -> None:
        """Queue one fault; ValueError for an unknown key or an invalid pattern."""
        known = sorted(key.name for key in fields(Fault))
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ValueError(f"unknown fault key {unknown[0]!r}: use {', '.join(known)}")
        fault = Fault(**values)
        for pattern in (fault.cloud, fault.method, fault.path, fault.agent):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        with self._lock:
            self._pending.append(fault)

    def take(self, cloud: str, method: str, path: str, agent: str = "") -> Fault | None:
        """The first fault that matches this request, counted down; None where it passes."""
        with self._lock:
            for fault in self._pending:
                if fault.matches(cloud, method, path, agent):
                    fault.count -= 1
                    if fault.count <= 0:
                        self._pending.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._pending.clear()
