"""The host scripts and the release against the uploads that they were unpacked from."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import atomic_file, images, retention, served_builds
from ..errors import DeployError
from .context import Context
from .deviation import MISSING, RELEASE, SCRIPTS, Deviation, attributes, not_ours, owner

# What a deploy adds to a release.
_ADDED = (images.RECORD, served_builds.RECORD, retention.MARKER)


@dataclass(frozen=True)
class Member:
    """A file of an upload."""

    content: bytes
    mode: int


def scripts(context: Context) -> Iterator[Deviation]:
    """Error: DeployError when the upload is missing or damaged."""
    directory = context.scripts
    yield from _compare(directory, _members(_scripts_tar(context), directory.name), SCRIPTS)


def release(context: Context) -> Iterator[Deviation]:
    """Error: DeployError when the upload is missing or damaged."""
    directory = context.release
    yield from _compare(directory, _members(_release_tar(context), directory.name), RELEASE)


def restore_scripts(context: Context) -> None:
    """Write the files that differ again."""
    _restore(context.scripts, _members(_scripts_tar(context), context.scripts.name))


def restore_release(context: Context) -> None:
    """Write the files that differ again."""
    _restore(context.release, _members(_release_tar(context), context.release.name))


def _scripts_tar(context: Context) -> Path:
    return context.paths.incoming / f"host-{context.scripts.name}.tar"


def _release_tar(context: Context) -> Path:
    return context.paths.incoming / f"{context.release.name}.tar"


def _members(tar: Path, digest: str) -> dict[str, Member]:
    if not tar.exists():
        raise DeployError(f"{tar} is missing, so its files cannot be compared: {_upload(tar)}")
    with tar.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != digest:
        raise DeployError(f"{tar} is damaged, its digest is {found}: {_upload(tar)}")
    with tarfile.open(tar) as archive:
        files = {entry: archive.extractfile(entry) for entry in archive if entry.isfile()}
        return {
            entry.name: Member(stream.read(), entry.mode)
            for entry, stream in files.items()
            if stream
        }


def _upload(tar: Path) -> str:
    """The remedy: Pulumi uploads each bundle once."""
    resource = "bootstrap-scripts" if tar.name.startswith("host-") else "stack-release"
    return f"pulumi up --replace '**-{resource}'"


def _compare(directory: Path, members: dict[str, Member], repair: str) -> Iterator[Deviation]:
    for name, member in members.items():
        expected = f"the same content, {member.mode:o} {owner(os.geteuid(), os.getegid())}"
        found = _state(directory / name, member)
        if found != expected:
            yield Deviation("file", str(directory / name), expected, found, repair)
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        # Python caches its modules there.
        known = name in members or name in _ADDED or "__pycache__" in path.parts
        if not known and (path.is_symlink() or not path.is_dir()):
            yield not_ours("file", str(path), attributes(path))


def _state(path: Path, member: Member) -> str:
    if path.is_symlink() or not path.is_file():
        return MISSING if not path.is_symlink() else "a link"
    content = "the same" if path.read_bytes() == member.content else "other"
    return f"{content} content, {attributes(path)}"


def _restore(directory: Path, members: dict[str, Member]) -> None:
    for deviation in list(_compare(directory, members, SCRIPTS)):
        path = Path(deviation.name)
        if member := members.get(str(path.relative_to(directory))):
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write(path, member.content, member.mode, os.geteuid())
