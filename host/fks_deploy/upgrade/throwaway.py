"""The containers of a copy: one dumps the old data with the old image, one fills the new volume.

Both are like the container of the service: its limits, secrets and networks.
"""

from collections.abc import Sequence
from pathlib import Path

from ..compose import COMMAND_TIMEOUT, Compose
from ..errors import DeployError
from ..shell import CommandFailedError, Shell

# Seconds; longer than the service's stop_grace_period.
_STOP = 180
# Ends with the container, also when that does not start.
_WAIT = "until sh /fks/postgres-health.sh 2>/dev/null; do sleep 0.5; done"


def name(service: str) -> str:
    """The container's name."""
    return f"fks-upgrade-{service}"


def dump(
    compose: Compose, service: str, directory: Path, seconds: float, *, while_used: bool = False
) -> None:
    """Dump what the running service has into `directory`; without `while_used` it must have no
    clients. Error: CommandFailedError."""
    options = ("--rm", "--no-deps", "-T", "--name", name(service), "--entrypoint", "bash")
    mount = ("--volume", f"{directory}:/upgrade")
    script = ("/fks/upgrade/dump.sh", service, "/upgrade", *(["while-used"] if while_used else []))
    line = compose.command_line("run", *options, *mount, service, *script)
    compose.shell.run(line, name="the dump", timeout=seconds, env=compose.env())


def restore(shell: Shell, service: str, seconds: float) -> str:
    """Restore it in the container of `start`; returns the script's JSON. Error:
    CommandFailedError."""
    script = ("bash", "/fks/upgrade/restore.sh", "/upgrade")
    return execute(shell, service, script, seconds, "the restore")


def start(compose: Compose, service: str, directory: Path, seconds: float) -> None:
    """Start it with `directory` as /upgrade, and wait until it answers. Error: DeployError with
    what it logged last."""
    options = ("--detach", "--no-deps", "--name", name(service))
    mount = ("--volume", f"{directory}:/upgrade")
    line = compose.command_line("run", *options, *mount, service)
    compose.shell.run(line, name="docker compose run", timeout=seconds, env=compose.env())
    try:
        execute(compose.shell, service, ("sh", "-c", _WAIT), seconds, "the wait")
    except CommandFailedError as error:
        last = last_lines(compose.shell, service)
        raise DeployError(f"the new PostgreSQL does not start: {last}") from error


def execute(shell: Shell, service: str, command: Sequence[str], seconds: float, what: str) -> str:
    """The output of a command in it, which an error calls `what`. Error: CommandFailedError."""
    line = ["docker", "exec", name(service), *command]
    return shell.run(line, name=what, timeout=seconds)


def last_lines(shell: Shell, service: str) -> str:
    """What it logged last, in one line."""
    log = shell.attempt(["docker", "logs", "--tail", "3", name(service)], timeout=COMMAND_TIMEOUT)
    return " / ".join((log.out + log.err).split("\n")).strip(" /")


def exists(shell: Shell, service: str) -> bool:
    """Whether there is one, in any state."""
    return shell.attempt(["docker", "inspect", name(service)], timeout=COMMAND_TIMEOUT).ok


def remove(shell: Shell, service: str) -> None:
    """Stop it, so that its data is complete on the disk, and remove it. Error:
    CommandFailedError."""
    if exists(shell, service):
        shell.run(
            ["docker", "stop", "--time", str(_STOP), name(service)], timeout=_STOP + COMMAND_TIMEOUT
        )
        shell.run(["docker", "rm", "--force", name(service)], timeout=COMMAND_TIMEOUT)


def volume_exists(shell: Shell, volume: str) -> bool:
    """Whether there is a volume with this full name."""
    return shell.attempt(["docker", "volume", "inspect", volume], timeout=COMMAND_TIMEOUT).ok


def remove_volume(shell: Shell, volume: str) -> None:
    """Error: CommandFailedError for one that a container uses."""
    if volume_exists(shell, volume):
        shell.run(["docker", "volume", "rm", volume], timeout=COMMAND_TIMEOUT)
