"""Stand-in of the trading API with the published paths (below /api)."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

from . import jobs, storage, tasks, trading

# Settings that the published code or the older compose file reads.
KNOWN_SETTINGS = (
    "CACHE_REDIS_URL",
    "CELERY_BROKER_URL",
    "CELERY_RESULT_BACKEND",
    "DATABASE_URL",
    "JWT_SECRET",
    "JWT_SECRET_KEY",
    "POSTGRES_DB",
    "POSTGRES_HOST",
    "POSTGRES_PASSWORD",
    "POSTGRES_PORT",
    "POSTGRES_USER",
    "REDIS_PASSWORD",
    "REDIS_URL",
)

CHECKS: dict[str, Callable[[], None]] = {
    "database": storage.check_database,
    "queue": lambda: storage.check_redis("CELERY_BROKER_URL"),
    "cache": lambda: storage.check_redis("CACHE_REDIS_URL"),
}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Create the schema before the first request."""
    await asyncio.to_thread(storage.create_schema, storage.SCHEMA, jobs.SCHEMA)
    yield


app = FastAPI(title="fks api (stand-in)", openapi_url="/api/openapi.json", lifespan=lifespan)
app.include_router(jobs.router)
app.include_router(trading.router)


def report(status: str) -> dict[str, object]:
    """Return the published health response."""
    return {
        "status": status,
        "env": os.environ.get("APP_ENV", "development"),
        "ts": datetime.now(UTC).isoformat(),
    }


@app.get("/health")
def health() -> dict[str, object]:
    """Answer while the process runs."""
    return report("healthy")


@app.get("/api/health")
def deep_health() -> JSONResponse:
    """Answer 200 if database, queue and cache are reachable, else 503 with the errors' types."""
    problems: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as error:  # noqa: BLE001 - any error is reported
            problems[name] = type(error).__name__
    body = report("unhealthy" if problems else "healthy") | {"problems": problems}
    return JSONResponse(body, status_code=503 if problems else 200)


@app.get("/api/tasks/ping")
def ping_task() -> dict[str, object]:
    """Send a task through the real queue to a real worker and wait for its result."""
    if tasks.celery is None:
        raise HTTPException(503, "no broker: set CELERY_BROKER_URL")
    task = tasks.celery.send_task("fks_api.ping")
    return {"task": task.id, "result": task.get(timeout=15)}


@app.get("/api/active-assets")
def active_assets() -> dict[str, object]:
    """Return the traded symbols from the database; the published stub returns `stub: true`."""
    return {"assets": sorted({str(trade["symbol"]) for trade in storage.trades()})}


@app.get("/api/network/status")
def network_status() -> dict[str, str]:
    """Return the published constant."""
    return {"status": "ok"}


@app.post("/api/v1/trades", status_code=201)
def post_trade(symbol: str) -> dict[str, object]:
    """Store a row, which a backup has to restore."""
    return {"id": storage.add_trade(symbol)}


@app.get("/api/v1/trades")
def get_trades() -> list[dict[str, object]]:
    """Return the stored rows."""
    return storage.trades()


@app.get("/standin")
def standin() -> dict[str, object]:
    """Identify the stand-in, and list the names of its settings without their values."""
    return {
        "standin": os.environ.get("FKS_STANDIN", "api"),
        "settings": [name for name in KNOWN_SETTINGS if os.environ.get(name)],
    }
