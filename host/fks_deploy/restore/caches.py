"""Empties what has copies of the rows of a data set."""

from .. import containers
from ..compose import Compose
from ..errors import DeployError
from ..queues import broker
from .target import Target


def empty(compose: Compose, target: Target) -> None:
    """The caches that run: one that does not starts empty. Nothing may use them meanwhile. Error:
    DeployError."""
    present = containers.of_project(compose.shell, compose.release.project)
    for found in present:
        if found.service in target.caches and found.status in containers.ACTIVE:
            answer = broker.ask(compose.shell, found.id, "FLUSHALL").strip()
            if answer != "OK":
                raise DeployError(f"the cache {found.service} was not emptied: {answer}")
