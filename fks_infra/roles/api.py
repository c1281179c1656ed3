"""The trading API: FastAPI, Celery worker and scheduler, PostgreSQL, Redis queue and cache."""

from dataclasses import replace

from fks_infra.roles.images import FKS, POSTGRES, REDIS
from fks_infra.roles.role import VALUE, Role, Secret, SecretFile, Service

_USER, _DATABASE = "fks_user", "fks_trading"

_POSTGRES = Service(name="api-postgres", image=POSTGRES, memory=1024, low_memory=512)
_QUEUE = Service(name="api-queue", image=REDIS, memory=256, low_memory=128)
_CACHE = Service(name="api-cache", image=REDIS, memory=256, low_memory=128)

_API = Service(name="api", image=f"{FKS}:api-latest", memory=384, low_memory=320, port=8000)

_QUEUE_URL = f"redis://:{VALUE}@{_QUEUE.name}:6379"

ROLE = Role(
    name="api",
    label="api",
    plan="g6-standard-2",
    entry="api",
    stateful=True,
    application="the trading API",
    calls=("auth",),
    health=("healthy", "ok"),
    services=(
        _POSTGRES,
        _QUEUE,
        _CACHE,
        _API,
        replace(_API, name="api-2", port=8001, replica_of=_API.name),
        Service(name="api-worker", image=f"{FKS}:worker-latest", memory=768, low_memory=640),
        Service(name="api-beat", image=f"{FKS}:worker-latest", memory=160),
    ),
    variables=(("POSTGRES_USER", _USER), ("POSTGRES_DB", _DATABASE)),
    low_memory_variables=(("API_WORKERS", "1"), ("WORKER_CONCURRENCY", "1")),
    secrets=(
        Secret(
            name="postgres-password",
            length=40,
            files=(
                SecretFile(name="POSTGRES_PASSWORD"),
                SecretFile(
                    name="DATABASE_URL",
                    text=f"postgresql://{_USER}:{VALUE}@{_POSTGRES.name}:5432/{_DATABASE}",
                ),
            ),
        ),
        Secret(
            name="redis-password",
            length=40,
            files=(
                SecretFile(name="REDIS_PASSWORD"),
                SecretFile(name="REDIS_URL", text=f"{_QUEUE_URL}/0"),
                SecretFile(name="CELERY_BROKER_URL", text=f"{_QUEUE_URL}/0"),
                SecretFile(name="CELERY_RESULT_BACKEND", text=f"{_QUEUE_URL}/1"),
                SecretFile(name="CACHE_REDIS_URL", text=f"redis://:{VALUE}@{_CACHE.name}:6379/0"),
            ),
        ),
        Secret(
            name="jwt-secret",
            length=64,
            # The application reads both names.
            files=(SecretFile(name="JWT_SECRET"), SecretFile(name="JWT_SECRET_KEY")),
        ),
    ),
)
