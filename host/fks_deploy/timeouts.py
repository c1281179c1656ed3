"""The time limits of one deploy, from limits.env."""

from dataclasses import dataclass

from .limits import (
    DEFAULT_LOCK_WAIT,
    DEPLOY_TIMEOUT,
    HEALTHY_TIMEOUT,
    PROBE_TIMEOUT,
    PULL_TIMEOUT,
)


@dataclass(frozen=True)
class Timeouts:
    """In seconds. `deploy` bounds everything between the lock and a rollback."""

    deploy: int = DEPLOY_TIMEOUT
    lock: float = DEFAULT_LOCK_WAIT
    pull: float = PULL_TIMEOUT
    healthy: float = HEALTHY_TIMEOUT
    probe: float = PROBE_TIMEOUT
