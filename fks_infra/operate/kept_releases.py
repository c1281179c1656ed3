"""The releases that a server keeps, and which of them it can go back to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.operate.reports import Document

# As host/fks_deploy/kept_releases.py documents it.
KEYS = ("server", "time", "lock", "releases")
_SHORTEST = 7


@dataclass(frozen=True, kw_only=True)
class KeptRelease:
    """`number` counts back from the last deploy, which is 0. `versions` is key of an image to its
    version; `changes` is None for the oldest.
    """

    number: int
    digest: str
    deployed: str
    in_service: bool
    bytes: int
    versions: Mapping[str, str]
    changes: Mapping[str, Any] | None

    @property
    def short(self) -> str:
        return self.digest[:12]


def kept(document: Document) -> tuple[KeptRelease, ...]:
    """Newest first."""
    return tuple(
        KeptRelease(number=number, **one) for number, one in enumerate(document["releases"])
    )


def chosen(releases: Sequence[KeptRelease], to: str, server: str) -> KeptRelease:
    """By number or by the first digits of the digest; OperatorError if none or several match."""
    if to.isdigit() and len(to) < _SHORTEST:
        found = [one for one in releases if one.number == int(to)]
    else:
        found = [one for one in releases if len(to) >= _SHORTEST and one.digest.startswith(to)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{one.number} ({one.short})" for one in releases) or "none"
    raise OperatorError(
        f"--to is {to!r}, which {server} does not keep. It keeps {known}: write a number or at "
        f"least {_SHORTEST} digits of a digest. Nothing was changed."
    )


def migration_errors(current: KeptRelease, target: KeptRelease) -> Iterator[str]:
    """The databases that a release cannot read after the one in service."""
    for key, version in current.versions.items():
        before = target.versions.get(key, version)
        name = key.lower().replace("_", "-")
        if key.endswith("POSTGRES") and before != version:
            yield f"{name}: the data is of PostgreSQL {version}, the release has {before}"
        elif not key.endswith("POSTGRES") and _numbers(before) < _numbers(version):
            yield f"{name}: Authentik {version} has migrated the database, the release has {before}"


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
