"""Which images a release runs: resolved once, so that a tag that moves later changes nothing."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .shell import Shell

RECORD = "images.json"
_QUICK = 60.0


def recorded(release: Path) -> dict[str, str]:
    """Image name -> what it was when this release was first deployed; empty before that."""
    file = release / RECORD
    return dict(json.loads(file.read_text())) if file.exists() else {}


def record(release: Path, images: Mapping[str, str]) -> None:
    """Remember the images beside the release they belong to."""
    scratch = release / f".{RECORD}.new"
    scratch.write_text(json.dumps(images, indent=2, sort_keys=True) + "\n")
    scratch.replace(release / RECORD)


def to_pull(shell: Shell, names: Iterable[str], known: Mapping[str, str]) -> set[str]:
    """The names to ask for: a tag that was not resolved before, and whatever is not here."""
    wanted = {name: known.get(name, name) for name in names}
    return {
        name
        for name, image in wanted.items()
        if not _immutable(image) or inspect(shell, image) is None
    }


def resolve(shell: Shell, names: Iterable[str]) -> dict[str, str]:
    """Each name as repository@digest, or as image id when it came from no registry."""
    return {name: _resolved(shell, name) for name in sorted(set(names))}


def inspect(shell: Shell, image: str) -> dict[str, Any] | None:
    """What the engine knows of an image; None when it does not have it."""
    result = shell.attempt(["docker", "image", "inspect", image], timeout=_QUICK)
    return dict(json.loads(result.out)[0]) if result.ok else None


def remove(shell: Shell, images: Iterable[str]) -> list[str]:
    """Remove images that no kept release needs, return their ids; one still in use stays. By id,
    as taking away one name of two would leave an image that nobody knows any more."""
    found = [inspect(shell, image) for image in images]
    ids = sorted({str(details["Id"]) for details in found if details})
    return [i for i in ids if shell.attempt(["docker", "image", "rm", i], timeout=_QUICK).ok]


def _immutable(image: str) -> bool:
    return "@sha256:" in image or image.startswith("sha256:")


def _resolved(shell: Shell, name: str) -> str:
    if _immutable(name):
        return name
    details = json.loads(shell.run(["docker", "image", "inspect", name], timeout=_QUICK))[0]
    repository = _familiar(name)
    for digest in details.get("RepoDigests") or []:
        if digest.partition("@")[0] == repository:
            return str(digest)
    return str(details["Id"])


def _familiar(name: str) -> str:
    """A name's repository as the engine shows it: without the tag and Docker Hub's prefixes."""
    head, slash, last = name.rpartition("/")
    repository = head + slash + last.partition(":")[0]
    return repository.removeprefix("docker.io/").removeprefix("library/")
