"""The diff of the command provider, by property path.

The plugin replaces for `triggers` as a whole, added or removed; for one of them the SDK does, with
its option `replace_on_changes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rehearsal.plugins.base import Diff, Kind
from rehearsal.plugins.values import Asset, Values

IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
REPLACING = "triggers"


def diff(olds: Values, news: Values) -> Diff:
    """The differences between the stored and the new inputs."""
    detailed = {
        path: kind.replacing if path == REPLACING else kind
        for path, kind in _changes("", olds, news)
    }
    return Diff(
        diffs=list(dict.fromkeys(map(_head, detailed))),
        replaces=[path for path in detailed if path == REPLACING],
        detailed=detailed,
    )


def _head(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _changes(path: str, old: Any, new: Any) -> Iterator[tuple[str, Kind]]:
    match old, new:
        case dict(), dict():
            for key in sorted(old.keys() | new.keys()):
                yield from _member(_join(path, key), old, new, key)
        case list(), list():
            for index in range(max(len(old), len(new))):
                olds, news = dict(enumerate(old)), dict(enumerate(new))
                yield from _member(f"{path}[{index}]", olds, news, index)
        case _ if not _equal(old, new):
            yield path, Kind.UPDATE


def _member(path: str, old: Any, new: Any, key: Any) -> Iterator[tuple[str, Kind]]:
    if key not in old:
        yield path, Kind.ADD
    elif key not in new:
        yield path, Kind.DELETE
    else:
        yield from _changes(path, old[key], new[key])


def _join(path: str, key: str) -> str:
    if not IDENTIFIER.fullmatch(key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, Asset) and isinstance(new, Asset):
        # The path is not compared.
        return bool(old.fields.get("hash") == new.fields.get("hash"))
    return bool(old == new)
