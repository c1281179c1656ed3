"""Celery's queues in Redis and its workers, for `fks celery`; standard library only."""
