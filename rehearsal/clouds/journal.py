"""One line for each request, without bodies and headers, so that no secret is in it."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Journal:
    """Stores every request in memory, and with a file also there, as a JSON line."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._entries: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def record(self, **values: Any) -> None:
        """Add one request: cloud, method, path, query, status, milliseconds, fault, unknown.

        `fault` means that a fault hit it, `unknown` that no stand-in knows it.
        """
        entry = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}
        with self._lock:
            self._entries.append(entry)
            if self._file:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(entry) + "\n")

    def select(self, cloud: str | None = None) -> Iterator[dict[str, Any]]:
        """The entries of one cloud or of all."""
        with self._lock:
            entries = list(self._entries)
        return (entry for entry in entries if cloud in (None, entry["cloud"]))

    def unknown(self) -> list[dict[str, Any]]:
        """The requests that no stand-in knows. A run with such a request has failed."""
        return [entry for entry in self.select() if entry["unknown"]]

    def clear(self) -> None:
        """Remove the entries from memory; the file stays."""
        with self._lock:
            self._entries.clear()
