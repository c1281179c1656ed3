"""The documents of a server's backups, as bin/backup prints them."""

from typing import Any

CERTIFICATE = {
    "set": "api",
    "snapshot": "1a2b3c4d",
    "time": "2026-11-27T02:20:00Z",
    "proved": "2026-11-27T02:21:00Z",
    "verdict": "ok",
    "text": "9 rows in 2 tables as at the dump, indexes whole",
    "file": "fks-20261127T022000Z.dump",
    "bytes": 5,
    "tables": 2,
    "rows": 9,
    "authentik": "",
    "server": "api",
    "seconds": {"dump": 1.5, "upload": 2.0, "restore": 0.5, "proof": 8.0},
}


def snapshot(**certificate: Any) -> dict[str, Any]:
    """A snapshot whose certificate has these changes."""
    made = {**CERTIFICATE, **certificate}
    return {
        "id": made["snapshot"],
        "time": made["time"],
        "server": "api",
        "bytes": 2048,
        "certificate": made,
    }


def log(problem: str = "") -> dict[str, Any]:
    """A write-ahead log."""
    times = {"earliest": "2026-11-26T02:15:00Z", "latest": "2026-11-27T10:00:00Z"}
    return {**times, "missing": "", "problem": problem}


def listed(
    name: str, *snapshots: dict[str, Any], error: str = "", log: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What `bin/backup --list` prints."""
    one = {"repository": f"/r/{name}", "error": error, "snapshots": list(snapshots), "log": log}
    return {"time": "2026-11-27T10:00:00Z", "sets": {name: one}}


def done(name: str, result: str = "ok", text: str = "") -> dict[str, Any]:
    """What `bin/backup --json` prints."""
    made = {**CERTIFICATE, "verdict": result} if result in ("ok", "bad") else None
    said = text or (str(made["text"]) if made else "")
    return {"sets": [{"set": name, "result": result, "text": said, "certificate": made}]}
