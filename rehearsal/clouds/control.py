"""The rehearsal's own side door, under /rehearsal/ on every host: look, reset, break things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rehearsal.clouds.faults import Faults
from rehearsal.clouds.journal import Journal

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Hands:
    """What the side door can do; `state` is one cloud's, all else acts on all of them."""

    state: Callable[[], Json]
    reset: Callable[[], None]
    advance: Callable[[float], datetime]
    slow_dns: Callable[[float], None]


def control_routes(journal: Journal, faults: Faults, hands: Hands) -> APIRouter:
    """Routes under every host."""
    router = APIRouter(prefix="/rehearsal")

    @router.get("/ready")
    async def ready() -> Json:
        return {"ready": True}

    @router.get("/state")
    async def read_state() -> Json:
        return hands.state()

    @router.post("/reset")
    async def forget() -> Json:
        hands.reset()
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

    _time_routes(router, hands)
    _fault_routes(router, faults)
    return router


def _time_routes(router: APIRouter, hands: Hands) -> None:
    @router.post("/clock")
    async def move(request: Request) -> Response:
        return await _seconds(request, lambda n: {"now": hands.advance(n).isoformat()})

    @router.post("/propagation")
    async def slow(request: Request) -> Response:
        def deed(seconds: float) -> Json:
            hands.slow_dns(seconds)
            return {"seconds": seconds}

        return await _seconds(request, deed)


async def _seconds(request: Request, deed: Callable[[float], Json]) -> Response:
    try:
        done = deed(float((await request.json())["seconds"]))
    except (KeyError, TypeError, ValueError) as wrong:
        return JSONResponse({"error": f'send {{"seconds": N}} with N >= 0: {wrong}'}, 400)
    return JSONResponse(done)


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
