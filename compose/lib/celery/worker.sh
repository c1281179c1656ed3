#!/bin/sh
# usage: worker.sh MEMORY_LIMIT (like 768m) CONCURRENCY TIME_LIMIT (seconds) QUEUES
# Starts a Celery worker of an application whose settings are not ours: what follows `--` overrides them.
# https://docs.celeryq.dev/en/stable/userguide/configuration.html
set -eu

memory=${1%m} concurrency=$2 time_limit=$3 queues=$4
case $memory:$concurrency:$time_limit in
  *[!0-9:]* | :* | *: | *::*)
    echo "worker start: '$1', '$2' or '$3' is not a number: write 768m, 2 and 3600" >&2
    exit 64
    ;;
esac

# MiB of the parent, and of the health check that runs beside it.
parent=192
# A child is replaced after the task with which it exceeds its share. Celery wants KiB.
child=$(((memory - parent) * 1024 / concurrency))
[ "$child" -gt 0 ] || { echo "worker start: a limit of $1 leaves nothing for $concurrency children" >&2; exit 64; }

# Redis delivers a task again that is not acknowledged in this time: never while it may still run. All workers
# of one queue need the same value.
visibility=$((time_limit + 300))
# kombu notices a silent broker by a time-out; keep-alive alone takes two hours.
options="\"socket_timeout\": 30, \"socket_connect_timeout\": 5, \"socket_keepalive\": true"
options="$options, \"health_check_interval\": 25, \"retry_on_timeout\": true"

# backend_always_retry: Celery stores the state of a task that it cancels when the queue is lost. If that fails,
# as it does while the same Redis is down, Celery acknowledges the task afterwards, and it is lost:
# https://github.com/celery/celery/issues/7185
# Without a limit of attempts (null) a worker waits for its broker; 0 would end it at the first failure.
# SIGTERM means: no new tasks, wait for running ones, then return the rest to the queue.
export REMAP_SIGTERM=SIGQUIT

exec python -m celery -A app.celery worker -n "worker@%h" -l info \
  -Q "$queues" -c "$concurrency" --max-memory-per-child "$child" --time-limit "$time_limit" -- \
  task.acks_late=true task.reject_on_worker_lost=true worker.prefetch_multiplier=1 \
  worker.soft_shutdown_timeout=30 worker.enable_soft_shutdown_on_idle=true \
  worker.cancel_long_running_tasks_on_connection_loss=true \
  broker.connection_retry_on_startup=true "broker.connection_max_retries=(json)null" \
  "broker.transport_options=(dict){\"visibility_timeout\": $visibility, $options}" \
  "result.backend_transport_options=(dict){\"visibility_timeout\": $visibility, $options}" \
  result.backend_always_retry=true redis.socket_timeout=30 redis.socket_keepalive=true redis.retry_on_timeout=true
