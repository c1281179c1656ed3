"""The files a local command left, by patterns: `*` in a directory, `**` across, `!` excludes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.values import Archive, Asset

BLOCK, LONGEST_NAME = 512, 100


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
    """The assets as one archive; its hash is that of the tar file which the engine would make."""
    digest = hashlib.sha256()
    for name, asset in sorted(assets.items()):
        content = Path(str(asset.fields["path"])).read_bytes()
        digest.update(_tar_header(name, len(content)))
        digest.update(content + bytes(-len(content) % BLOCK))
    digest.update(bytes(2 * BLOCK))
    return Archive({"assets": dict(assets), "hash": digest.hexdigest()})


def _tar_header(name: str, size: int) -> bytes:
    """A header as Go writes it: nobody's file of mode 0600, made at no time."""
    encoded = name.encode()
    if len(encoded) > LONGEST_NAME:
        raise ProviderError(f"archivePaths: {name} is longer than the stand-in's {LONGEST_NAME}")
    nobody = b"0000000\0" * 2
    fields = [
        encoded.ljust(LONGEST_NAME, b"\0"),
        b"0000600\0" + nobody,
        b"%011o\0%011o\0" % (size, 0),
        b" " * 8 + b"0" + bytes(100),
        b"ustar\00000" + bytes(64) + nobody,
    ]
    header = b"".join(fields).ljust(BLOCK, b"\0")
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]
