"""The control API of the rehearsal, below /rehearsal/ on every host."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rehearsal.clouds.faults import Faults
from rehearsal.clouds.journal import Journal

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CloudControls:
    """The control API's actions: `state` is that of one cloud, the others act on all clouds."""

    state: Callable[[], Json]
    advance: Callable[[float], None]
    delay_dns: Callable[[float], None]


def control_routes(journal: Journal, faults: Faults, controls: CloudControls) -> APIRouter:
    """The routes of the control API."""
    router = APIRouter(prefix="/rehearsal")

    @router.get("/state")
    async def state() -> Json:
        return controls.state()

    @router.get("/journal")
    async def read_journal(cloud: str | None = None) -> list[Json]:
        return list(journal.select(cloud))

    @router.get("/unknown")
    async def unknown() -> list[Json]:
        return journal.unknown()

    @router.post("/clock")
    async def clock(request: Request) -> Response:
        return await _seconds(request, controls.advance)

    @router.post("/propagation")
    async def propagation(request: Request) -> Response:
        return await _seconds(request, controls.delay_dns)

    _fault_routes(router, faults)
    return router


async def _seconds(request: Request, action: Callable[[float], None]) -> Response:
    try:
        action(float((await request.json())["seconds"]))
    except (KeyError, TypeError, ValueError) as error:
        return JSONResponse({"error": f'send {{"seconds": N}} with N >= 0: {error}'}, 400)
    return JSONResponse({})


def _fault_routes(router: APIRouter, faults: Faults) -> None:
    @router.post("/faults")
    async def add(request: Request) -> Response:
        try:
            faults.add(await request.json())
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({})

    @router.delete("/faults")
    async def clear() -> Json:
        faults.clear()
        return {}
