"""The rehearsal's own side door, under /rehearsal/ on every host: look, reset, break things."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rehearsal.clouds.faults import Faults
from rehearsal.clouds.journal import Journal

Json = dict[str, Any]


def control_routes(
    journal: Journal,
    faults: Faults,
    state: Callable[[], Json],
    reset: Callable[[], None],
    advance: Callable[[float], datetime],
) -> APIRouter:
    """Routes under every host; `state` is that host's, all else acts on the three clouds."""
    router = APIRouter(prefix="/rehearsal")

    @router.get("/ready")
    async def ready() -> Json:
        return {"ready": True}

    @router.get("/state")
    async def read_state() -> Json:
        return state()

    @router.post("/reset")
    async def forget() -> Json:
        reset()
        journal.clear()
        faults.clear()
        return {}

    @router.get("/journal")
    async def read_journal(cloud: str | None = None) -> list[Json]:
        return list(journal.select(cloud))

    @router.delete("/journal")
    async def clear_journal() -> Json:
        journal.clear()
        return {}

    @router.get("/unknown")
    async def unknown() -> list[Json]:
        return journal.unknown()

    @router.post("/clock")
    async def move(request: Request) -> Response:
        try:
            now = advance(float((await request.json())["seconds"]))
        except (KeyError, TypeError, ValueError) as wrong:
            return JSONResponse({"error": f'send {{"seconds": N}} with N >= 0: {wrong}'}, 400)
        return JSONResponse({"now": now.isoformat()})

    _fault_routes(router, faults)
    return router


def _fault_routes(router: APIRouter, faults: Faults) -> None:
    @router.get("/faults")
    async def waiting() -> list[Json]:
        return faults.waiting()

    @router.post("/faults")
    async def add(request: Request) -> Response:
        try:
            faults.add(await request.json())
        except (TypeError, ValueError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse(faults.waiting())

    @router.delete("/faults")
    async def clear() -> Json:
        faults.clear()
        return {}
