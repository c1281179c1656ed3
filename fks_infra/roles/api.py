"""The trading API: FastAPI, Celery worker and scheduler, PostgreSQL, Redis queue and cache."""

from dataclasses import replace

from fks_infra.roles.images import FKS, POSTGRES, REDIS
from fks_infra.roles.role import VALUE, Processes, Role, Secret, SecretFile, Service, Thresholds

_USER, _DATABASE = "fks_user", "fks_trading"

_POSTGRES = Service(
    name="api-postgres", image=POSTGRES, memory=896, low_memory=512, share=4, database=True
)
_QUEUE = Service(name="api-queue", image=REDIS, memory=192, low_memory=128, share=1, pids=64)
_CACHE = Service(name="api-cache", image=REDIS, memory=128, share=1, pids=64)

# The defaults of SQLAlchemy's pool, pool_size 5 and max_overflow 10:
# https://docs.sqlalchemy.org/en/20/core/engines.html#engine-creation-api
_POOL, _POOL_WITH_OVERFLOW = 5, 15
_API_WORKERS = Processes(
    variable="API_WORKERS", base=64, memory=256, connections=_POOL_WITH_OVERFLOW
)
# A child process runs one task at a time, so its pool does not overflow.
_WORKER_CHILDREN = Processes(variable="WORKER_CONCURRENCY", base=192, memory=288, connections=_POOL)

_API = Service(
    name="api",
    image=f"{FKS}:api-latest",
    memory=352,
    low_memory=320,
    share=2,
    port=8000,
    processes=_API_WORKERS,
    pids=512,
)

_QUEUE_URL = f"redis://:{VALUE}@{_QUEUE.name}:6379"

ROLE = Role(
    name="api",
    label="api",
    thresholds=Thresholds(cpu=70, memory=90),
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
        Service(
            name="api-worker",
            image=f"{FKS}:worker-latest",
            memory=768,
            low_memory=640,
            share=4,
            processes=_WORKER_CHILDREN,
            connections=1,
            pids=1024,
        ),
        Service(name="api-beat", image=f"{FKS}:worker-latest", memory=160, connections=1),
        Service(name="market-data", image="", memory=256, connections=_POOL_WITH_OVERFLOW),
        Service(name="risk-manager", image="", memory=192, connections=_POOL_WITH_OVERFLOW),
        # pg_receivewal and pg_basebackup.
        Service(
            name="api-wal",
            image=POSTGRES,
            image_of=_POSTGRES.name,
            memory=64,
            connections=3,
            pids=64,
            pitr=True,
        ),
        Service(
            name="api-gpu-worker",
            image=f"{FKS}:training-latest",
            memory=2048,
            share=4,
            connections=1 + _POOL,
            pids=1024,
            gpu=True,
            # The other worker leaves the training to this one.
            variables=(("WORKER_QUEUES", "celery,default,trading,analysis"),),
        ),
    ),
    variables=(("POSTGRES_USER", _USER), ("POSTGRES_DB", _DATABASE)),
    secrets=(
        Secret(
            name="postgres-password",
            length=40,
            rotation="db-password",
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
            rotation="redis-password",
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
            rotation="jwt",
            # The application reads both names.
            files=(SecretFile(name="JWT_SECRET"), SecretFile(name="JWT_SECRET_KEY")),
        ),
    ),
)
