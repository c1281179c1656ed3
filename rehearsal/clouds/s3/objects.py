"""The objects of all buckets, as files."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote


@dataclass(frozen=True)
class Objects:
    """DIRECTORY/REGION/BUCKET/KEY, the key quoted so that it is one name."""

    directory: Path

    def put(self, bucket: tuple[str, str], key: str, content: bytes) -> str:
        """Write an object in one step; returns its ETag."""
        file = self._file(bucket, key)
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.parent / f".{file.name}"
        new.write_bytes(content)
        new.replace(file)
        return etag(content)

    def get(self, bucket: tuple[str, str], key: str) -> bytes | None:
        """The content; None for no such object."""
        file = self._file(bucket, key)
        return file.read_bytes() if file.exists() else None

    def delete(self, bucket: tuple[str, str], key: str) -> None:
        """What does not exist is fine, as in S3."""
        self._file(bucket, key).unlink(missing_ok=True)

    def keys(self, bucket: tuple[str, str], prefix: str = "") -> list[str]:
        """In the order of S3."""
        return sorted(key for key in self._keys(bucket) if key.startswith(prefix))

    def clear(self) -> None:
        """Delete all objects."""
        for place in self.directory.glob("*"):
            shutil.rmtree(place)

    def _keys(self, bucket: tuple[str, str]) -> Iterator[str]:
        for file in self.directory.joinpath(*bucket).glob("*"):
            if not file.name.startswith("."):
                yield unquote(file.name)

    def _file(self, bucket: tuple[str, str], key: str) -> Path:
        # A quoted name never begins with a period: that is the mark of an unfinished one.
        return self.directory.joinpath(*bucket, quote(key, safe="").replace(".", "%2E"))


def etag(content: bytes) -> str:
    """As S3 has it for objects that were not sent in parts."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
