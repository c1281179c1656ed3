"""What all stand-ins share: credentials, faults, journal, unknown routes, saving."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.faults import Fault, Faults
from rehearsal.clouds.journal import Journal

Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]
# "METHOD path" -> function of the path's parameters, and of the body for POST and PUT.
Routes = Mapping[str, Callable[..., Any]]
CONTROL = "/rehearsal/"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True, kw_only=True)
class ApiFormat:
    """How one cloud checks credentials (CloudError where they are wrong) and formats answers."""

    authorise: Callable[[Request], None]
    error_body: Callable[[int, str], Json]
    result: Callable[[Request, Any], Any]


class CloudApp:
    """The application of one stand-in."""

    def __init__(self, name: str, journal: Journal, faults: Faults, api_format: ApiFormat) -> None:
        self.name = name
        self.save: Callable[[], None] = lambda: None
        self._journal, self._faults, self._format = journal, faults, api_format
        self.app = FastAPI(title=f"stand-in {name}", docs_url=None, openapi_url=None)
        self.app.middleware("http")(self._serve)
        self.app.add_exception_handler(CloudError, _error_response)

    def mount(self, routes: Routes, *routers: APIRouter) -> None:
        """Add the routes; every other request is an unknown route."""
        for router in routers:
            self.app.include_router(router)
        for route, answer in routes.items():
            method, path = route.split(" ")
            self.app.add_api_route(path, self._endpoint(method, answer), methods=[method])
        self.app.add_api_route("/{path:path}", self._unknown, methods=METHODS)

    def _endpoint(self, method: str, answer: Callable[..., Any]) -> Handler:
        async def endpoint(request: Request) -> Any:
            arguments = list(request.path_params.values())
            if method in ("POST", "PUT"):
                arguments.append(await json_body(request, self._format))
            return self._format.result(request, answer(*arguments))

        return endpoint

    async def _serve(self, request: Request, handler: Handler) -> Response:
        path = request.url.path
        if path.startswith(CONTROL):
            return await self._saving(request, handler)
        started = time.monotonic()
        agent = request.headers.get("user-agent", "")
        fault = self._faults.take(self.name, request.method, path, agent)
        response = await self._answer(request, handler, fault)
        self._journal.record(
            cloud=self.name,
            method=request.method,
            path=path,
            query=request.url.query,
            status=response.status_code,
            milliseconds=round((time.monotonic() - started) * 1000),
            fault=fault is not None,
            unknown=response.headers.get("x-rehearsal") == "unknown",
        )
        return response

    async def _answer(self, request: Request, handler: Handler, fault: Fault | None) -> Response:
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.status and not fault.after:
            return self._faulty(fault.status, fault)
        try:
            self._format.authorise(request)
        except CloudError as error:
            return await _error_response(request, error)
        response = await self._saving(request, handler)
        return self._faulty(fault.status, fault) if fault and fault.status else response

    async def _saving(self, request: Request, handler: Handler) -> Response:
        response = await handler(request)
        if request.method not in ("GET", "HEAD"):
            self.save()
        return response

    def _faulty(self, status: int, fault: Fault) -> Response:
        body = fault.body
        if body is None:
            body = self._format.error_body(status, "a fault of the rehearsal")
        kind = Response if isinstance(body, str) else JSONResponse
        return kind(body, status, fault.headers)

    async def _unknown(self, request: Request) -> Response:
        route = f"{request.method} {request.url.path}"
        sys.stderr.write(f"UNKNOWN ROUTE: {self.name}: {route}: the rehearsal's run has failed\n")
        body = self._format.error_body(501, f"The stand-in {self.name} does not know {route}")
        return JSONResponse(body, 501, {"x-rehearsal": "unknown"})


async def _error_response(_request: Request, error: Exception) -> Response:
    assert isinstance(error, CloudError)
    return JSONResponse(error.body, error.status, error.headers)


async def json_body(request: Request, api_format: ApiFormat) -> Json:
    """The request's JSON object, {} without a body; 400 where it is not a JSON object."""
    try:
        body = await request.json() if await request.body() else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise CloudError(400, api_format.error_body(400, "Invalid JSON"))
    return body
