"""After a failed deploy: the release that served before serves again."""

from collections.abc import Mapping
from pathlib import Path

from . import activation, images, nginx, release
from .activation import Limits
from .compose import Compose
from .errors import DeployError
from .paths import Paths
from .shell import Shell


def current(paths: Paths) -> Path | None:
    """The release in service; None before the first."""
    return paths.current.resolve() if paths.current.is_symlink() else None


def put_back(
    shell: Shell, paths: Paths, failed: str, address: str, limits: Limits
) -> Mapping[str, str]:
    """Start the current release again. Returns for the journal what was done, under `digest`,
    `result` and, when even that failed, `error`; the words to show are under `message`."""
    previous = current(paths)
    if previous is None:
        return _outcome("", "none", "no earlier release to put back; containers stay for a look")
    if previous.name == failed:
        return _outcome(
            failed, "same", "this release was already the current one: nothing to put back"
        )
    try:
        _activate(shell, paths, previous, address, limits)
    except (DeployError, OSError) as error:
        message = f"release {previous.name[:12]} could NOT be put back: {error}"
        return {**_outcome(previous.name, "failed", message), "error": str(error)}
    return _outcome(previous.name, "ok", f"release {previous.name[:12]} is back in service")


def _activate(shell: Shell, paths: Paths, directory: Path, address: str, limits: Limits) -> None:
    previous = release.load(directory)
    compose = Compose(shell, paths, previous, address, images.recorded(directory))
    activation.install(compose)
    activation.start(compose, limits)
    nginx.reload(compose)


def _outcome(digest: str, result: str, message: str) -> dict[str, str]:
    return {"digest": digest, "result": result, "message": message}
