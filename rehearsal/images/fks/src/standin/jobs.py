"""Tasks that take time and record each run in the database: what a killed worker or queue loses or
repeats can be read there."""

import time
from typing import Any

from fastapi import APIRouter, HTTPException

from . import storage, tasks

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    started timestamptz NOT NULL DEFAULT now(),
    finished timestamptz
)
"""
router = APIRouter(prefix="/api/jobs")


@router.post("", status_code=202)
def send(name: str, seconds: float = 0, queue: str = "celery", count: int = 1) -> dict[str, Any]:
    """Send `count` tasks through a queue."""
    if tasks.celery is None:
        raise HTTPException(503, "no broker: set CELERY_BROKER_URL")
    arguments = [(f"{name}-{number}", seconds) for number in range(count)]
    for one in arguments:
        tasks.celery.send_task(tasks.JOB, one, queue=queue)
    return {"sent": [name for name, _ in arguments]}


@router.get("")
def runs() -> dict[str, list[dict[str, bool]]]:
    """Return the runs of each task, in the order of their starts."""
    found: dict[str, list[dict[str, bool]]] = {}
    with storage.connect() as connection:
        rows = connection.execute("SELECT name, finished IS NOT NULL FROM jobs ORDER BY id")
        for name, finished in rows:
            found.setdefault(name, []).append({"finished": finished})
    return found


def run(name: str, seconds: float) -> None:
    """Record the start, take the time, record the end."""
    with storage.connect() as connection:
        row = connection.execute(
            "INSERT INTO jobs (name) VALUES (%s) RETURNING id", (name,)
        ).fetchone()
    time.sleep(seconds)
    with storage.connect() as connection:
        connection.execute("UPDATE jobs SET finished = now() WHERE id = %s", (row[0],))
