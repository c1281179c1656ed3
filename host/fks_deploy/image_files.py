"""Copies files out of an image, through a container that is created and never started."""

from pathlib import Path

from . import disk_space, images
from .errors import DeployError
from .shell import CommandFailedError, Shell

# A fixed name: the next deploy removes what a killed one left behind.
CONTAINER = "fks-static-build"
# Seconds
_TIMEOUT = 60.0
_COPY_TIMEOUT = 300.0


def copy(shell: Shell, name: str, image: str, root: str, target: Path) -> None:
    """Copy the content of `root` in a local image into the directory `target`. Error: DeployError
    when there is no such directory or not enough space; `name` is that of the static build."""
    details = images.inspect(shell, image) or {}
    # The whole image is the limit of what a directory in it has.
    disk_space.require(target, int(details.get("Size", 0)))
    _remove(shell)
    # An image without a command needs one to be created.
    options = ("--pull", "never", "--network", "none", "--name", CONTAINER)
    shell.run(["docker", "create", *options, image, "never-started"], timeout=_TIMEOUT)
    try:
        source = f"{CONTAINER}:{root}/."
        shell.run(["docker", "cp", source, str(target)], timeout=_COPY_TIMEOUT)
    except CommandFailedError as error:
        raise DeployError(
            f"{root} cannot be copied from {image}: {error}. If the image has its files elsewhere, "
            f"write the directory into fks:services.{name}.root."
        ) from error
    finally:
        _remove(shell)


def _remove(shell: Shell) -> None:
    shell.attempt(["docker", "rm", "--force", "--volumes", CONTAINER], timeout=_TIMEOUT)
