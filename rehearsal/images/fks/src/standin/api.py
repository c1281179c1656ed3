"""Stand-in of the trading API: real database, real queue, paths as published (below /api)."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, HTTPException, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from . import storage, tasks

# What the published code and the older compose file read between them; reported by name only.
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
    """The schema is there before the first request."""
    await asyncio.to_thread(storage.create_schema)
    yield


app = FastAPI(title="fks api (stand-in)", openapi_url="/api/openapi.json", lifespan=lifespan)


def report(status: str) -> dict[str, object]:
    """The published health answer."""
    return {
        "status": status,
        "env": os.environ.get("APP_ENV", "development"),
        "ts": datetime.now(UTC).isoformat(),
    }


@app.get("/health")
def health() -> dict[str, object]:
    """This process answers."""
    return report("healthy")


@app.get("/api/health")
def deep_health() -> JSONResponse:
    """This process answers and reaches all it needs; 503 with the reason otherwise."""
    problems: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            problems[name] = type(error).__name__
    body = report("unhealthy" if problems else "healthy") | {"problems": problems}
    return JSONResponse(body, status_code=503 if problems else 200)


@app.get("/api/tasks/ping")
def ping_task() -> dict[str, object]:
    """Send one task through the real queue to a real worker and wait for its answer."""
    if tasks.celery is None:
        raise HTTPException(503, "no broker: set CELERY_BROKER_URL")
    task = tasks.celery.send_task("fks_api.ping")
    return {"task": task.id, "result": task.get(timeout=15)}


@app.get("/api/active-assets")
def active_assets() -> dict[str, object]:
    """What is traded, from the database; the published stub would say `stub: true`."""
    return {"assets": sorted({str(trade["symbol"]) for trade in storage.trades()})}


@app.get("/api/network/status")
def network_status() -> dict[str, str]:
    """As published."""
    return {"status": "ok"}


@app.post("/api/v1/trades", status_code=201)
def post_trade(symbol: str) -> dict[str, object]:
    """Store a row: what a backup has to bring back."""
    return {"id": storage.add_trade(symbol)}


@app.get("/api/v1/trades")
def get_trades() -> list[dict[str, object]]:
    """The stored rows."""
    return storage.trades()


@app.get("/standin")
def standin() -> dict[str, object]:
    """Says that this is no real application, and which settings reached it (never their values)."""
    return {
        "standin": os.environ.get("FKS_STANDIN", "api"),
        "settings": [name for name in KNOWN_SETTINGS if os.environ.get(name)],
    }


@app.websocket("/ws")
async def websocket(socket: WebSocket) -> None:
    """Answers every message, as the front end's ping expects."""
    await socket.accept()
    try:
        while True:
            message = await socket.receive_text()
            await socket.send_json({"type": "pong", "received": message})
    except WebSocketDisconnect:
        return
