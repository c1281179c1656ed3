"""One difference between this server and what the release and the bootstrap say."""

import grp
import pwd
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Repairs besides "step NAME" (of the bootstrap) and "remove KIND NAME" (of what is not ours).
SCRIPTS, RELEASE, EDGE, CONTAINERS, IMAGES = "scripts", "release", "edge", "containers", "images"
STEP, REMOVE = "step ", "remove "
# Only a person can decide what is right.
BY_HAND = ""

# `expected` of what is not ours
ABSENT = "not present"
MISSING = "missing"


@dataclass(frozen=True)
class Deviation:
    """`expected` and `found` are words for people; `repair` is one for bin/repair."""

    kind: str
    name: str
    expected: str
    found: str
    repair: str = BY_HAND

    @property
    def ours(self) -> bool:
        """Whether the release or the bootstrap says something about it."""
        return self.expected != ABSENT


def not_ours(kind: str, name: str, found: str) -> Deviation:
    """Something that neither the release nor the bootstrap made."""
    return Deviation(kind, name, ABSENT, found, f"{REMOVE}{kind} {name}")


def attributes(path: Path) -> str:
    """Mode, user and group of a file, such as "644 root:root"."""
    info = path.lstat()
    return f"{stat.S_IMODE(info.st_mode):o} {owner(info.st_uid, info.st_gid)}"


def owner(uid: int, gid: int) -> str:
    """Names, or the number of an id without a name."""
    user, group = str(uid), str(gid)
    with suppress(KeyError):
        user = pwd.getpwuid(uid).pw_name
    with suppress(KeyError):
        group = grp.getgrgid(gid).gr_name
    return f"{user}:{group}"
