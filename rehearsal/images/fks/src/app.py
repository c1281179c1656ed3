"""The module of the published workers' option `-A app.celery`."""

from standin.tasks import celery  # type: ignore[import-not-found]

__all__ = ["celery"]
