"""Rollback after a failed deploy: the release that was in service before is started again."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from . import activation, engine, images, other_data, release
from .compose import Compose
from .errors import DeployError
from .paths import Paths
from .shell import Shell
from .timeouts import Timeouts

TRIES = 3


def current(paths: Paths) -> Path | None:
    """The directory of the release in service; None before the first."""
    return paths.current.resolve() if paths.current.is_symlink() else None


def current_compose(shell: Shell, paths: Paths, address: str) -> Compose | None:
    """Compose of the release in service with the images it runs; None before the first."""
    directory = current(paths)
    if directory is None:
        return None
    return Compose(shell, paths, release.load(directory), address, images.recorded(directory))


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
        recorded = images.recorded(previous)
        compose = Compose(shell, paths, release.load(previous), address, recorded)
        _activate_repeatedly(compose, timeouts)
    except Exception as error:  # noqa: BLE001 - any error is reported and recorded
        message = f"rollback to release {previous.name[:12]} FAILED: {error}"
        return {**_outcome(previous.name, "failed", message), "error": str(error)}
    return _outcome(previous.name, "ok", f"rollback: release {previous.name[:12]} is in service")


def _activate_repeatedly(compose: Compose, timeouts: Timeouts) -> None:
    """Up to TRIES times within the time for one start, because the engine may restart meanwhile.
    Error: that of the last try."""
    deadline = time.monotonic() + timeouts.healthy
    for left in reversed(range(TRIES)):
        engine.wait(compose.shell, deadline - time.monotonic())
        try:
            seconds = max(deadline - time.monotonic(), 1.0)
            activate(compose, replace(timeouts, healthy=seconds))
            return
        except (DeployError, OSError) as error:
            if not left or time.monotonic() >= deadline:
                raise
            compose.shell.output.show(f"the rollback is tried again: {error}")


def activate(compose: Compose, timeouts: Timeouts) -> None:
    """Install the files of a release that was in service before, and start it."""
    images.restore(compose.shell, compose.images.values(), compose.env(), timeouts.pull)
    other_data.end_clients(compose, timeouts.healthy)
    try:
        activation.install(compose)
    finally:
        # Also when a file cannot be written.
        activation.start(compose, timeouts)
    activation.reload(compose)


def _outcome(digest: str, result: str, message: str) -> dict[str, str]:
    return {"digest": digest, "result": result, "message": message}
