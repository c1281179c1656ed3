"""Repairs deviations: each argument is the `repair` of one or more of them."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from .. import activation, caller, images, lock, nginx, rollback
from ..errors import DeployError
from ..limits import DEFAULT_LOCK_WAIT
from ..terminal import print_line
from ..timeouts import Timeouts
from . import bundles, removal
from .bootstrap import command_line
from .context import Context
from .deviation import CONTAINERS, EDGE, IMAGES, RELEASE, REMOVE, SCRIPTS, STEP

# Seconds
_STEP_TIMEOUT = 900.0
_TAG_TIMEOUT = 30.0
_ERRORS = (DeployError, OSError, ValueError)


def run(context: Context, repairs: Sequence[str]) -> int:
    """Do all, each once, in the order in which they depend on each other; one line for each.

    Returns the exit code: 0 all done, 1 at least one failed, the others are done."""
    failed = False
    # The start of the containers includes the edge's files, and an edge that is down cannot reload.
    included = EDGE if CONTAINERS in repairs else ""
    for repair in sorted({*repairs} - {included}, key=_rank):
        try:
            _call(context, repair)
            print_line(f"done: {repair}", sys.stdout)
        except _ERRORS as error:
            failed = True
            print_line(f"failed: {repair}: {error}", sys.stdout)
    return 1 if failed else 0


def _rank(repair: str) -> tuple[int, str]:
    """Scripts first: the steps of the bootstrap are among them."""
    order = (SCRIPTS, STEP, RELEASE, EDGE, IMAGES, CONTAINERS, REMOVE)
    return next((n for n, one in enumerate(order) if repair.startswith(one)), len(order)), repair


def _call(context: Context, repair: str) -> None:
    if repair.startswith(REMOVE):
        kind, _, name = repair.removeprefix(REMOVE).partition(" ")
        removal.remove(context, kind, name)
    elif repair.startswith(STEP):
        step = command_line(context, "--only", repair.removeprefix(STEP))
        context.shell.run(step, name=f"bootstrap step {step[-1]}", timeout=_STEP_TIMEOUT)
    elif repair in _REPAIRS:
        _REPAIRS[repair](context)
    else:
        raise DeployError(f"unknown repair; known are {', '.join((*_REPAIRS, STEP, REMOVE))}")


@contextmanager
def _locked(context: Context) -> Iterator[None]:
    """No deploy meanwhile. Error: DeployError during one, and without a release."""
    user = caller.name()
    # Before the lock, whose holder would be this program.
    digest = context.release.name
    with lock.deploy_lock(context.paths.lock, digest, f"{user} (repair)", DEFAULT_LOCK_WAIT):
        yield


def _release(context: Context) -> None:
    with _locked(context):
        bundles.restore_release(context)


def _edge(context: Context) -> None:
    with _locked(context):
        activation.install(context.compose)
        if context.paths.reload_needed.exists():
            nginx.reload(context.compose)


def _images(context: Context) -> None:
    """Pull those that were removed, and give the tags back."""
    with _locked(context):
        shell, compose = context.shell, context.compose
        images.restore(shell, compose.images.values(), compose.env(), Timeouts().pull)
        for name, image in compose.images.items():
            if "@" not in name and name != image:
                shell.run(["docker", "tag", image, name], timeout=_TAG_TIMEOUT)


def _containers(context: Context) -> None:
    with _locked(context):
        rollback.activate(context.compose, Timeouts())


_REPAIRS: Mapping[str, Callable[[Context], None]] = {
    SCRIPTS: bundles.restore_scripts,
    RELEASE: _release,
    EDGE: _edge,
    IMAGES: _images,
    CONTAINERS: _containers,
}
