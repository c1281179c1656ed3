"""What one run of `bin/stack` works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import images, release, rollback, stops, tailnet
from ..compose import Compose
from ..errors import DeployError, InputError
from ..lock import deploy_lock
from ..output import Output
from ..paths import Paths
from ..shell import Shell
from ..timeouts import Timeouts


@dataclass(frozen=True)
class Session:
    """The release in service with its images, and the roles whose stacks are meant; `who` wants
    it."""

    compose: Compose
    roles: tuple[str, ...]
    who: str
    reason: str
    timeouts: Timeouts

    @property
    def paths(self) -> Paths:
        return self.compose.paths

    @property
    def output(self) -> Output:
        return self.compose.shell.output


@contextmanager
def begin(
    paths: Paths, output: Output, roles: str, who: str, reason: str, timeouts: Timeouts
) -> Iterator[Session]:
    """Take the lock of deploys. `roles` are separated by commas, all if empty.

    Errors: LockBusyError, DeployError before the first deploy, InputError for another role."""
    with deploy_lock(paths.lock, current(paths).name, who, timeouts.lock) as lock:
        # Again: a deploy may have ended meanwhile.
        directory = current(paths)
        shell = Shell(output, inherit=(lock,))
        loaded = release.load(directory)
        chosen = _chosen(loaded, roles)
        address = tailnet.read(shell).own.address
        compose = Compose(shell, paths, loaded, address, images.recorded(directory))
        yield Session(compose, chosen, who, reason, timeouts)


def current(paths: Paths) -> Path:
    """The directory of the release in service. Error: DeployError before the first deploy."""
    found = rollback.current(paths)
    if found is None or not found.is_dir():
        command = stops.deploy_again(paths) if stops.load(paths) else "pulumi up"
        raise DeployError(f"nothing is deployed on this server: run {command}")
    return found


def _chosen(loaded: release.Release, text: str) -> tuple[str, ...]:
    known = loaded.placement.roles
    chosen = tuple(text.split(",")) if text else known
    for role in chosen:
        if role not in known:
            raise InputError(f"--roles is {text!r}: this server has {', '.join(known)}")
        if set(chosen) != set(known):
            _check_services(loaded, role)
    return chosen


def _check_services(loaded: release.Release, role: str) -> None:
    """Error: InputError for a stack that cannot be stopped without the server's others."""
    services = loaded.placement.services
    if not services:
        text = f"release {loaded.short} does not list the services of {role}: run pulumi up"
        raise InputError(text)
    if not services.get(role):
        others = ", ".join(one for one in loaded.placement.roles if one != role)
        raise InputError(
            f"{role} has no container of its own on this server: the edge serves its files, as it "
            f"serves {others}. Leave out --roles to stop or start all of them"
        )
