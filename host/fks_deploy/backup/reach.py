"""Which times the API's database can be restored to, by the files of its base backups and of its
write-ahead log (fks:backup.pitr)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import env_file
from ..paths import Paths
from ..release import ENV_FILE
from ..watch.utc import iso

SERVICE = "api-wal"
# Seconds: wal.sh writes a message to the log every ten.
_BEHIND_AFTER = 300.0
# Of a base backup, which each night makes.
_LATE_AFTER = 26 * 3600.0
_START = re.compile(r"^START WAL LOCATION: .*\(file ([0-9A-F]{24})\)$", re.M)
_FILE = re.compile(r"([0-9A-F]{24})(\.partial)?")
# https://www.postgresql.org/docs/17/wal-internals.html: timeline, and the log's bytes in two parts
_LOG = 1 << 32


@dataclass(frozen=True)
class Reach:
    """From `earliest` to `latest` each time can be restored: seconds since 1970, None when none can
    be. `missing` is the first file of the log that is not there since the oldest base backup, ""
    for none; `base` when the newest base backup ended, `making` whether the first one is being
    made."""

    earliest: float | None = None
    latest: float | None = None
    base: float | None = None
    missing: str = ""
    making: bool = False

    def document(self, now: float) -> dict[str, Any]:
        """{"earliest", "latest", "base": times in UTC as in ISO 8601, or None, "missing",
        "problem"}."""
        times = {"earliest": self.earliest, "latest": self.latest, "base": self.base}
        shown = {key: None if one is None else iso(one) for key, one in times.items()}
        return {**shown, "missing": self.missing, "problem": self.problem(now)}

    def problem(self, now: float) -> str:
        """What is wrong with it; "" for nothing."""
        if self.making:
            return ""
        since = "no time can be restored"
        if self.earliest is not None:
            since = f"times before {iso(self.earliest)} cannot be restored"
        if self.missing:
            return f"the write-ahead log of api lacks {self.missing}: {since}"
        if self.latest is None or self.base is None:
            return f"the write-ahead log of api has no base backup: {since}"
        if now - self.latest > _BEHIND_AFTER:
            text = f"the write-ahead log of api ends {(now - self.latest) / 60:.0f} min ago"
            return f"{text}: later times cannot be restored"
        if now - self.base > _LATE_AFTER:
            hours, limit = (one / 3600 for one in (now - self.base, _LATE_AFTER))
            return f"the newest base backup of api is {hours:.0f} h old, limit {limit:.0f} h"
        return ""


def kept(env: Mapping[str, str]) -> bool:
    """Whether the release with these variables keeps the log."""
    return SERVICE in env.get("COMPOSE_PROFILES", "").split(",")


def of_server(paths: Paths) -> Reach | None:
    """None where the release in service does not keep the log."""
    file = paths.current / ENV_FILE
    if not file.exists() or not kept(env_file.parse(file.read_text())):
        return None
    return read(paths.pitr)


def read(directory: Path) -> Reach:
    """Of `base/` and `wal/` in the directory."""
    try:
        return _read(directory)
    except FileNotFoundError:
        # The log has got a new file, or a base backup has been deleted.
        return _read(directory)


def _read(directory: Path) -> Reach:
    bases = sorted((directory / "base").glob("*Z"))
    if not bases:
        return Reach(making=any((directory / "base").glob("*.partial")))
    files = dict(_files(directory / "wal"))
    gaps = {base: _missing(base, files) for base in bases}
    whole = [base for base, gap in gaps.items() if not gap]
    if not whole:
        return Reach(missing=gaps[bases[0]])
    earliest = _end(whole[0])
    latest = max(files[max(files)].stat().st_mtime, earliest)
    return Reach(earliest, latest, _end(bases[-1]), gaps[bases[0]])


def _end(base: Path) -> float:
    """No earlier moment can be reached from it."""
    return (base / "backup_manifest").stat().st_mtime


def _files(directory: Path) -> Iterator[tuple[int, Path]]:
    """By number."""
    found = [file for file in directory.glob("*") if _FILE.fullmatch(file.name)]
    per_log = _per_log(found)
    for file in found:
        yield _number(file.name, per_log), file


def _missing(base: Path, files: Mapping[int, Path]) -> str:
    """The first file after the start of a base backup that is not there; "" for none."""
    found = _START.search((base / "backup_label").read_text())
    name = found[1] if found else ""
    if not name or not files:
        return name or f"{base.name}/backup_label"
    per_log = _per_log(files.values())
    start = _number(name, per_log)
    first = next((one for one in range(start, max(files) + 1) if one not in files), None)
    return "" if first is None else f"{name[:8]}{first // per_log:08X}{first % per_log:08X}"


def _number(name: str, per_log: int) -> int:
    return int(name[8:16], 16) * per_log + int(name[16:24], 16)


def _per_log(files: Iterable[Path]) -> int:
    """How many files of the log have the same number in the middle of their names. The one that is
    being written has its full size from the start."""
    return _LOG // (max((file.stat().st_size for file in files), default=0) or _LOG)
