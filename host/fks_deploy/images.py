"""The images of a release: each tag is resolved once, so that a rollback runs the same image."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import atomic_file, env_file
from .shell import Shell

RECORD = "images.json"
_TIMEOUT = 60.0
_IMAGE, _REFRESH = "IMAGE_", "IMAGE_REFRESH_"


def recorded(release: Path) -> dict[str, str]:
    """Image name -> resolved image at the first deploy of this release; empty before it."""
    file = release / RECORD
    return dict(json.loads(file.read_text())) if file.exists() else {}


def record(release: Path, images: Mapping[str, str]) -> None:
    """Write images.json into the release's directory."""
    text = json.dumps(images, indent=2, sort_keys=True) + "\n"
    atomic_file.write(release / RECORD, text.encode())


def names(release: Path) -> dict[str, str]:
    """Key, as API_WORKER, -> image name: the variables IMAGE_<key> of release.env."""
    env = env_file.parse((release / "release.env").read_text())
    return {
        name.removeprefix(_IMAGE): image
        for name, image in env.items()
        if name.startswith(_IMAGE) and not name.startswith(_REFRESH)
    }


def by_key(release: Path) -> dict[str, str]:
    """Key -> what its image name resolved to; the name itself before the first deploy."""
    resolved = recorded(release)
    return {key: resolved.get(name, name) for key, name in names(release).items()}


def carried(current: Path | None, env: Mapping[str, str]) -> dict[str, str]:
    """What the release in the directory `current` resolved, for the names that `env`, that of a new
    release, has too. Without this, any change would move all tags. A name with a new
    IMAGE_REFRESH_<key> is left out."""
    if current is None:
        return {}
    before = env_file.parse((current / "release.env").read_text())
    keys = {name for name in env if name.startswith(_REFRESH) and env[name] != before.get(name)}
    refreshed = {env.get(_IMAGE + key.removeprefix(_REFRESH)) for key in keys}
    return {name: image for name, image in recorded(current).items() if name not in refreshed}


def pull(shell: Shell, names: Iterable[str], env: Mapping[str, str], timeout: float) -> None:
    """Pull images that no service has. Error: CommandFailedError."""
    for name in sorted(set(names)):
        shell.run(["docker", "pull", "--quiet", name], timeout=timeout, env=env)


def known(shell: Shell, names: Iterable[str], recorded: Mapping[str, str]) -> dict[str, str]:
    """Each name -> its recorded image, or the name itself. Of recorded images only digests can be
    pulled, so the id of an image that was removed counts as not recorded."""
    images = {name: recorded.get(name, name) for name in names}
    return {
        name: name if image.startswith("sha256:") and inspect(shell, image) is None else image
        for name, image in images.items()
    }


def to_pull(shell: Shell, names: Iterable[str], known: Mapping[str, str]) -> set[str]:
    """The names to pull: tags that are not resolved in `known`, and images that are not local."""
    resolved = {name: known.get(name, name) for name in names}
    return {
        name
        for name, image in resolved.items()
        if not _immutable(image) or inspect(shell, image) is None
    }


def resolve(shell: Shell, images: Iterable[str]) -> dict[str, str]:
    """Each image -> repository@digest, or its id when it was not pulled from a registry."""
    return {image: _resolved(shell, image) for image in sorted(set(images))}


def restore(shell: Shell, images: Iterable[str], env: Mapping[str, str], timeout: float) -> None:
    """Pull the recorded images that were removed. Compose reports those that cannot be pulled."""
    for image in sorted(set(images)):
        if inspect(shell, image) is None:
            shell.attempt(["docker", "pull", "--quiet", image], timeout=timeout, env=env)


def inspect(shell: Shell, image: str) -> dict[str, Any] | None:
    """The output of `docker image inspect`; None when the image is not local."""
    result = shell.attempt(["docker", "image", "inspect", image], timeout=_TIMEOUT)
    return dict(json.loads(result.out)[0]) if result.ok else None


def remove(shell: Shell, images: Iterable[str]) -> list[str]:
    """Remove images; returns the ids of the removed ones. Images in use stay. By id: removing one
    of two names would only untag the image."""
    found = [inspect(shell, image) for image in images]
    ids = sorted({str(details["Id"]) for details in found if details})
    return [i for i in ids if shell.attempt(["docker", "image", "rm", i], timeout=_TIMEOUT).ok]


def _immutable(image: str) -> bool:
    return "@sha256:" in image or image.startswith("sha256:")


def _resolved(shell: Shell, name: str) -> str:
    if _immutable(name):
        return name
    details = json.loads(shell.run(["docker", "image", "inspect", name], timeout=_TIMEOUT))[0]
    repository = _familiar(name)
    for digest in details.get("RepoDigests") or []:
        if digest.partition("@")[0] == repository:
            return str(digest)
    return str(details["Id"])


def _familiar(name: str) -> str:
    """Docker's "familiar" form of a name's repository: without tag and Docker Hub's prefixes."""
    head, slash, last = name.rpartition("/")
    repository = head + slash + last.partition(":")[0]
    return repository.removeprefix("docker.io/").removeprefix("library/")
