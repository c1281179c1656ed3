"""What the three stand-ins' HTTP sides share: tokens, faults, journal, unknown routes, saving."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.faults import Fault, Faults
from rehearsal.clouds.journal import Journal

CONTROL = "/rehearsal/"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

Authorise = Callable[[Request], None]
Handler = Callable[[Request], Awaitable[Response]]
ErrorBody = Callable[[int, str], dict[str, Any]]


class Cloud:
    """One stand-in's application, ready for its own routes."""

    def __init__(
        self, name: str, journal: Journal, faults: Faults, authorise: Authorise, error: ErrorBody
    ) -> None:
        self.name = name
        self.saved: Callable[[], None] = lambda: None
        self._journal, self._faults = journal, faults
        self._authorise, self._error = authorise, error
        self.app = FastAPI(title=f"stand-in {name}", docs_url=None, openapi_url=None)
        self.app.middleware("http")(self._serve)
        self.app.add_exception_handler(CloudError, _answer_error)
        self.app.add_exception_handler(RequestValidationError, self._bad_number)

    def mount(self, *routers: APIRouter) -> None:
        """Add the routes, and behind them the one that catches what nobody knows."""
        for router in routers:
            self.app.include_router(router)
        self.app.add_api_route("/{path:path}", self._unknown, methods=METHODS)

    async def _serve(self, request: Request, handler: Handler) -> Response:
        if request.url.path.startswith(CONTROL):
            return await self._saving(request, handler)
        started = time.monotonic()
        path = request.url.path
        agent = request.headers.get("user-agent", "")
        fault = self._faults.take(self.name, request.method, path, agent)
        response = await self._answer(request, handler, fault)
        unknown = response.headers.get("x-rehearsal") == "unknown"
        self._journal.record(
            cloud=self.name,
            method=request.method,
            path=path,
            query=request.url.query,
            status=response.status_code,
            milliseconds=round((time.monotonic() - started) * 1000),
            fault=fault is not None,
            unknown=unknown,
        )
        return response

    async def _answer(self, request: Request, handler: Handler, fault: Fault | None) -> Response:
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.status and not fault.after:
            return self._faulty(fault.status, fault)
        try:
            self._authorise(request)
        except CloudError as refusal:
            return JSONResponse(refusal.body, refusal.status, refusal.headers)
        response = await self._saving(request, handler)
        if fault and fault.status:
            return self._faulty(fault.status, fault)
        return response

    async def _saving(self, request: Request, handler: Handler) -> Response:
        response = await handler(request)
        if request.method not in ("GET", "HEAD"):
            self.saved()
        return response

    def _faulty(self, status: int, fault: Fault) -> Response:
        body = fault.body if fault.body is not None else self._error(status, "a fault on demand")
        if isinstance(body, str):
            return Response(body, status, fault.headers)
        return JSONResponse(body, status, fault.headers)

    async def _bad_number(self, _request: Request, _problem: Exception) -> Response:
        return JSONResponse(self._error(404, "Not found"), 404)

    async def _unknown(self, request: Request) -> Response:
        what = f"{request.method} {request.url.path}"
        sys.stderr.write(f"UNKNOWN ROUTE: {self.name}: {what}: the rehearsal's run has failed\n")
        text = f"The stand-in {self.name} does not know {what}"
        return JSONResponse(self._error(501, text), 501, {"x-rehearsal": "unknown"})


async def _answer_error(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, CloudError)
    return JSONResponse(problem.body, problem.status, problem.headers)


async def json_body(request: Request, bad_json: Callable[[], CloudError]) -> dict[str, Any]:
    """The request's JSON object, {} when there is none; the cloud's own error when it is none."""
    if not await request.body():
        return {}
    try:
        body = await request.json()
    except ValueError as wrong:
        raise bad_json() from wrong
    if not isinstance(body, dict):
        raise bad_json()
    return body
