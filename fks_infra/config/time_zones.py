"""Time zones that mean the same to PostgreSQL, Python and the C library of Debian's images."""

import re
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

_AREA_AND_CITY = re.compile(
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+"
)


@cache
def time_zones() -> frozenset[str]:
    """UTC, and each current name by area and city that this machine's database has.

    Older names (US/Eastern, Asia/Calcutta) are in Debian's tzdata-legacy, which the images lack:
    the C library would silently use UTC. PostgreSQL reads a name that it does not know, like GMT+5,
    by POSIX's rules (https://www.postgresql.org/docs/17/datetime-posix-timezone-specs.html).
    """
    names = _current() or {name for name in available_timezones() if _AREA_AND_CITY.match(name)}
    return frozenset({"UTC", *names})


def _current() -> set[str]:
    """The names of zone.tab, in which each zone of each country has one; empty without the file."""
    for folder in TZPATH:
        table = Path(folder, "zone.tab")
        if table.is_file():
            rows = table.read_text(encoding="utf-8").splitlines()
            return {row.split("\t")[2] for row in rows if row and not row.startswith("#")}
    return set()
