"""The published Celery application: one task, and no application without a broker."""

import os
import sys

from celery import Celery  # type: ignore[import-not-found]

JOB = "standin.job"
BROKER = os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")


def ping() -> str:
    """The only task of the published application."""
    return "pong"


def job(name: str, seconds: float) -> None:
    """A task of the stand-in only."""
    from . import jobs

    jobs.run(name, seconds)


def make_celery(broker: str) -> Celery:
    """Return an application that repeats a task whose worker has died."""
    application = Celery(
        "fks_api",
        broker=broker,
        backend=os.environ.get("CELERY_RESULT_BACKEND") or broker,
    )
    application.conf.update(
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        result_expires=3600,
        broker_connection_retry_on_startup=True,
    )
    application.task(ping, name="fks_api.ping")
    application.task(job, name=JOB)
    return application


SERVICE = os.environ.get("FKS_STANDIN", "?")
sys.stderr.write(f"fks stand-in: {SERVICE} (not the real application)\n")

celery = make_celery(BROKER) if BROKER else None
