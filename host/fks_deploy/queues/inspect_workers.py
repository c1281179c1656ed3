"""Prints as JSON what Celery's workers answer; `queues/workers.py` runs it in the container of a
worker, whose image has Celery.

{"workers": [{"name", "queues": [name], "processes"}], "tasks": [{"id", "name", "queue", "worker",
"started": seconds since 1970 or None}]}; arguments of tasks may hold secrets and are left out.
"""

import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery import Celery  # type: ignore[import-not-found]

# Seconds; workers answer to a broadcast. The argument is the number of workers: a question takes
# all of this time unless as many have answered.
ANSWER_TIMEOUT = 2
QUESTIONS = ("active_queues", "active", "stats")


def ask(question: str) -> Mapping[str, Any]:
    """The answers by worker."""
    application = Celery(broker=os.environ["CELERY_BROKER_URL"])
    options = {"socket_timeout": 10, "socket_connect_timeout": 5}
    application.conf.update(broker_transport_options=options, broker_connection_retry=False)
    expected = int(sys.argv[1]) or None
    inspect = application.control.inspect(timeout=ANSWER_TIMEOUT, limit=expected)
    return getattr(inspect, question)() or {}


def task(worker: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A task that runs."""
    queue = (entry.get("delivery_info") or {}).get("routing_key")
    return {
        "id": entry["id"],
        "name": entry["name"],
        "queue": queue,
        "worker": worker,
        "started": entry.get("time_start"),
    }


def main() -> None:
    """Ask all questions at the same time."""
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        queues, active, stats = pool.map(ask, QUESTIONS)
    workers = [
        {
            "name": name,
            "queues": sorted(queue["name"] for queue in consumed),
            "processes": stats.get(name, {}).get("pool", {}).get("max-concurrency"),
        }
        for name, consumed in sorted(queues.items())
    ]
    tasks = [task(name, entry) for name, entries in sorted(active.items()) for entry in entries]
    sys.stdout.write(json.dumps({"workers": workers, "tasks": tasks}))


main()
