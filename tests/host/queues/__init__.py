"""The state of Celery's queues and workers."""
