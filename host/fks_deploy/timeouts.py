"""The time limits of one deploy."""

from dataclasses import dataclass

from .limits import DEFAULT_LOCK_WAIT, DEPLOY_TIMEOUT


@dataclass(frozen=True)
class Timeouts:
    """In seconds. `deploy` bounds everything between the lock and a rollback."""

    deploy: int = DEPLOY_TIMEOUT
    lock: float = DEFAULT_LOCK_WAIT
    pull: float = 600
    healthy: float = 480
    probe: float = 60
