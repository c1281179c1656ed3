"""The module the published workers are pointed at: `-A app.celery`."""

from standin.tasks import celery  # type: ignore[import-not-found]

__all__ = ["celery"]
