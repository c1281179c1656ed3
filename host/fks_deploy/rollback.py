"""Rollback after a failed deploy: the release that was in service before is started again."""

from collections.abc import Mapping
from pathlib import Path

from . import activation, images, nginx, release
from .compose import Compose
from .errors import DeployError
from .paths import Paths
from .shell import Shell
from .timeouts import Timeouts


def current(paths: Paths) -> Path | None:
    """The directory of the release in service; None before the first."""
    return paths.current.resolve() if paths.current.is_symlink() else None


def roll_back(
    shell: Shell, paths: Paths, failed: str, address: str, timeouts: Timeouts
) -> Mapping[str, str]:
    """Start the current release again after the release with the digest `failed` was not activated.

    Returns for the journal `digest` (of the current release, or ""), `result` (ok, failed, none or
    same), `message` for the operator and, after a failure, `error`."""
    previous = current(paths)
    if previous is None:
        return _outcome("", "none", "no earlier release for a rollback; the containers stay")
    if previous.name == failed:
        return _outcome(failed, "same", "no rollback: the failed release is the current one")
    try:
        _activate(shell, paths, previous, address, timeouts)
    except (DeployError, OSError) as error:
        message = f"rollback to release {previous.name[:12]} FAILED: {error}"
        return {**_outcome(previous.name, "failed", message), "error": str(error)}
    return _outcome(previous.name, "ok", f"rollback: release {previous.name[:12]} is in service")


def _activate(
    shell: Shell, paths: Paths, directory: Path, address: str, timeouts: Timeouts
) -> None:
    previous = release.load(directory)
    compose = Compose(shell, paths, previous, address, images.recorded(directory))
    activation.install(compose)
    activation.start(compose, timeouts)
    nginx.reload(compose)


def _outcome(digest: str, result: str, message: str) -> dict[str, str]:
    return {"digest": digest, "result": result, "message": message}
