"""Health check of a Celery worker in its own container: `worker-health.py`.

A ping is not enough: a worker that consumes no queue answers it. The worker has to consume all
queues of the variable QUEUES, and a task has to come back through the first one, unless running
tasks occupy the whole worker; their time limit ends that.
"""

import os
import signal
import socket
import uuid
from collections.abc import Sequence
from typing import Any

from celery import Celery  # type: ignore[import-not-found]
from celery.exceptions import TimeoutError as NoResult  # type: ignore[import-not-found]

# Seconds; together less than the time-out of the health check in compose.yaml.
ANSWER_TIMEOUT = 5
RESULT_TIMEOUT = 10
# A worker that is starting does not see a question that was asked before it listened: ask again.
FIRST_TIMEOUTS = (1, 1, 1, ANSWER_TIMEOUT)
TOTAL_TIMEOUT = 24
# Every Celery application has this task; with `index` it returns one of its arguments.
ECHO = "celery.accumulate"


def connect() -> Celery:
    """An application of our own: importing the image's would cost its memory once more."""
    application = Celery(
        broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_RESULT_BACKEND"]
    )
    options = {"socket_timeout": RESULT_TIMEOUT, "socket_connect_timeout": ANSWER_TIMEOUT}
    application.conf.update(broker_transport_options=options, broker_connection_retry=False)
    return application


def answer(
    application: Celery, worker: str, question: str, timeouts: Sequence[float] = (ANSWER_TIMEOUT,)
) -> Any:
    """A worker's answer to a command of `celery inspect`, which is asked again after each of the
    timeouts. Error: SystemExit without one."""
    for timeout in timeouts:
        inspect = application.control.inspect([worker], timeout=timeout)
        answers = getattr(inspect, question)() or {}
        if worker in answers:
            return answers[worker]
    raise SystemExit(f"{worker} did not answer within {sum(timeouts)} s")


def busy(application: Celery, worker: str) -> bool:
    """Whether each of the worker's processes runs a task."""
    processes = answer(application, worker, "stats")["pool"]["max-concurrency"]
    return len(answer(application, worker, "active")) >= int(processes)


def comes_back(application: Celery, queue: str) -> bool:
    """Send a task through a queue and wait for its result."""
    token = uuid.uuid4().hex
    options = {"index": 0}
    sent = application.send_task(ECHO, [token], options, queue=queue, expires=RESULT_TIMEOUT)
    try:
        return bool(sent.get(timeout=RESULT_TIMEOUT) == token)
    except NoResult:
        return False
    finally:
        sent.forget()


def main() -> None:
    """Check queues, then the round trip. Error: SystemExit."""
    signal.alarm(TOTAL_TIMEOUT)
    application, worker = connect(), f"worker@{socket.gethostname()}"
    queues = os.environ["QUEUES"].split(",")
    answered = answer(application, worker, "active_queues", FIRST_TIMEOUTS)
    consumed = {queue["name"] for queue in answered}
    if missing := set(queues) - consumed:
        raise SystemExit(f"{worker} does not consume {', '.join(sorted(missing))}")
    if not comes_back(application, queues[0]) and not busy(application, worker):
        raise SystemExit(f"no task came back through {queues[0]} within {RESULT_TIMEOUT} s")


if __name__ == "__main__":
    main()
