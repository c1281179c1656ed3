"""Health check of a Celery worker in its own container: `worker-health.py`.

A ping is not enough: a worker that consumes no queue answers it. The worker's main process has to
answer within seconds and to consume all queues of the variable QUEUES.
"""

import os
import signal
import socket

from celery import Celery  # type: ignore[import-not-found]

# Seconds, less than the time-out of the health check in compose.yaml.
ANSWER_TIMEOUT = 8
TOTAL_TIMEOUT = 20


def consumed(broker: str, worker: str) -> set[str]:
    """The queues that the worker consumes. Error: SystemExit when it does not answer."""
    # An application of our own: importing the image's costs its memory once more.
    application = Celery(broker=broker)
    options = {"socket_timeout": ANSWER_TIMEOUT, "socket_connect_timeout": 5}
    application.conf.update(broker_transport_options=options, broker_connection_retry=False)
    inspect = application.control.inspect([worker], timeout=ANSWER_TIMEOUT)
    answers = inspect.active_queues() or {}
    if worker not in answers:
        raise SystemExit(f"{worker} did not answer within {ANSWER_TIMEOUT} s")
    return {queue["name"] for queue in answers[worker]}


def main() -> None:
    """Compare the consumed queues with QUEUES. Error: SystemExit."""
    signal.alarm(TOTAL_TIMEOUT)
    worker = f"worker@{socket.gethostname()}"
    missing = set(os.environ["QUEUES"].split(",")) - consumed(
        os.environ["CELERY_BROKER_URL"], worker
    )
    if missing:
        raise SystemExit(f"{worker} does not consume {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
