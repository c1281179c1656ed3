"""Who called what: one line per request, without bodies or headers, so that no secret gets in."""

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One request as it was answered."""

    time: str
    cloud: str
    method: str
    path: str
    query: str
    status: int
    milliseconds: int
    fault: bool = False
    unknown: bool = False


class Journal:
    """Keeps every request in memory and, given a file, appends it there as a JSON line."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def record(self, **fields: Any) -> Entry:
        """Add one request; `fields` are those of Entry except its time."""
        entry = Entry(time=datetime.now(UTC).isoformat(timespec="milliseconds"), **fields)
        with self._lock:
            self._entries.append(entry)
            if self._file:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(entry)) + "\n")
        return entry

    def select(self, cloud: str | None = None) -> Iterator[dict[str, Any]]:
        """The entries so far, of one cloud or of all."""
        with self._lock:
            entries = list(self._entries)
        return (asdict(e) for e in entries if cloud in (None, e.cloud))

    def unknown(self) -> list[dict[str, Any]]:
        """Requests no stand-in knows: a run that made one has failed."""
        return [e for e in self.select() if e["unknown"]]

    def clear(self) -> None:
        """Forget what is in memory; the file keeps it."""
        with self._lock:
            self._entries.clear()
