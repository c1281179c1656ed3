"""The files a local command left, by patterns: `*` in a directory, `**` across, `!` excludes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from rehearsal.plugins.values import Archive, Asset


def expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression over a path relative to the directory."""
    parts = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.split(r"(\*\*|\*|\?|\[[^]]*\]|\{[^}]*\})", pattern)
    return re.compile("".join(parts.get(token) or _token(token) for token in tokens))


def _token(token: str) -> str:
    if token.startswith("["):
        return token.replace("[!", "[^", 1)
    if token.startswith("{"):
        return "(?:" + "|".join(map(re.escape, token[1:-1].split(","))) + ")"
    return re.escape(token)


def matching(directory: Path, patterns: Sequence[str]) -> dict[str, Asset]:
    """The files below a directory that the patterns choose, as assets by their relative path."""
    rules = [(expression(pattern.removeprefix("!")), pattern[0] != "!") for pattern in patterns]
    found: dict[str, Asset] = {}
    for parent, _, names in os.walk(directory):
        for name in names:
            path = Path(parent, name)
            relative = path.relative_to(directory).as_posix()
            verdicts = [chosen for rule, chosen in rules if rule.fullmatch(relative)]
            if verdicts and verdicts[-1]:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found[relative] = Asset({"hash": digest, "path": str(path)})
    return dict(sorted(found.items()))


def archive(assets: Mapping[str, Asset]) -> Archive:
    """The assets as one archive, whose hash is that of names and contents."""
    digest = hashlib.sha256()
    for name, asset in sorted(assets.items()):
        digest.update(f"{name}\0{asset.fields['hash']}\0".encode())
    return Archive({"assets": dict(assets), "hash": digest.hexdigest()})
