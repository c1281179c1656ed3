"""The journals of all servers as one timeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fks_infra.operate.reports import Document, Reports
from fks_infra.operate.unreachable import Unreachable

# As host/fks_deploy/history.py documents it.
KEYS = ("server", "time", "entries", "damaged")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a journal. `text` is for people, `entry` the line itself."""

    time: datetime
    server: str
    kind: str
    text: str
    failed: bool
    entry: Mapping[str, Any]


def timeline(found: Reports) -> list[Event]:
    """The events of all servers that answered, oldest first."""
    events = [event for name, one in _documents(found) for event in _events(name, one)]
    return sorted(events, key=lambda event: event.time)


def damage(found: Reports) -> list[str]:
    """A warning for each server whose journal has lines that cannot be read."""
    return [
        f"{name}: line {', '.join(map(str, one['damaged']))} of /var/lib/fks/journal.jsonl cannot "
        f"be read and is not shown"
        for name, one in _documents(found)
        if one["damaged"]
    ]


def _documents(found: Reports) -> Iterator[tuple[str, Document]]:
    for name, one in found.items():
        if not isinstance(one, Unreachable):
            yield name, one


def _events(name: str, document: Document) -> Iterator[Event]:
    for entry in document["entries"]:
        yield Event(
            time=datetime.fromisoformat(entry["time"]).astimezone(UTC),
            server=name,
            kind=str(entry["kind"]),
            text=_text(entry),
            failed=entry.get("result") in ("failed", "bad"),
            entry=entry,
        )


def _text(entry: Mapping[str, Any]) -> str:
    if entry["kind"] == "deploy":
        return _deploy(entry)
    if entry["kind"] == "backup" and "file" in entry:
        return f"{entry['file']}, {entry['bytes'] >> 10} KiB"
    if "text" in entry:
        text = f"{entry['set']}: {entry['text']}" if "set" in entry else str(entry["text"])
        return f"{text}, by {entry['who']}" if "who" in entry else text
    # A kind that this version does not know.
    fields = {key: value for key, value in entry.items() if key not in ("time", "kind")}
    return ", ".join(f"{key} {value}" for key, value in fields.items())


def _deploy(entry: Mapping[str, Any]) -> str:
    release, result = str(entry.get("digest", "?"))[:12], entry.get("result", "?")
    text = f"release {release} {result} in {entry.get('seconds', '?')} s, by {entry.get('who')}"
    rollback = entry.get("rollback") or {}
    details = [entry.get("error"), rollback.get("message")]
    return ": ".join([text, *(str(detail) for detail in details if detail)])
