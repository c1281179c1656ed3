"""The certificate authority's front: passes every request on, to be seen and to be broken."""

import ssl
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.http import METHODS

Json = dict[str, Any]
TIMEOUT = 30
# Those of one connection, and what changes when a body is read here.
_HOP = frozenset({"connection", "content-encoding", "content-length", "date", "transfer-encoding"})
_KINDS = {429: "rateLimited"}


def authorise(_request: Request) -> None:
    """Nobody: ACME signs its requests itself."""


def error_body(status: int, text: str) -> Json:
    """A problem document (RFC 8555, section 6.7)."""
    kind = f"urn:ietf:params:acme:error:{_KINDS.get(status, 'serverInternal')}"
    return {"type": kind, "detail": text, "status": status}


def routes(url: str, ca: str) -> APIRouter:
    """Everything to the authority at `url`, which has a certificate of `ca`.

    The name has to be the one its clients use: they sign the address of each request.
    """
    router = APIRouter()
    client = httpx.AsyncClient(verify=ssl.create_default_context(cafile=ca), timeout=TIMEOUT)

    async def forward(request: Request, path: str) -> Response:
        headers = {k: v for k, v in request.headers.items() if k not in _HOP}
        try:
            answer = await client.request(
                request.method,
                f"{url}/{path}",
                params=request.query_params,
                headers=headers,
                content=await request.body(),
            )
        except httpx.TransportError as problem:
            raise CloudError(502, error_body(502, f"the authority: {problem}")) from problem
        kept = {k: v for k, v in answer.headers.items() if k not in _HOP}
        return Response(answer.content, answer.status_code, kept)

    router.add_api_route("/{path:path}", forward, methods=METHODS)
    return router
