"""Celery as published: one task, and no application at all without a broker."""

import os
import sys

from celery import Celery  # type: ignore[import-not-found]

BROKER = os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")


def ping() -> str:
    """The one task of the published application."""
    return "pong"


def make_celery(broker: str) -> Celery:
    """An application that loses no task when a worker dies in the middle of it."""
    made = Celery(
        "fks_api",
        broker=broker,
        backend=os.environ.get("CELERY_RESULT_BACKEND") or broker,
    )
    made.conf.update(
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        result_expires=3600,
        broker_connection_retry_on_startup=True,
    )
    made.task(ping, name="fks_api.ping")
    return made


SERVICE = os.environ.get("FKS_STANDIN", "?")
sys.stderr.write(f"fks stand-in: {SERVICE} (not the real application)\n")

celery = make_celery(BROKER) if BROKER else None
