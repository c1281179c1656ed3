"""A reverse proxy of the certificate authority, so that faults and journal cover ACME too."""

import ssl
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.http import METHODS, ApiFormat

Json = dict[str, Any]
TIMEOUT = 30
# Headers of one connection, and those that change because the body is read here.
_HOP = frozenset({"connection", "content-encoding", "content-length", "date", "transfer-encoding"})


def _error_body(status: int, text: str) -> Json:
    """A problem document (RFC 8555, section 6.7)."""
    kind = "rateLimited" if status == 429 else "serverInternal"
    return {"type": f"urn:ietf:params:acme:error:{kind}", "detail": text, "status": status}


# ACME's clients sign their requests, so there is no credential to check.
FORMAT = ApiFormat(
    authorise=lambda _request: None, error_body=_error_body, result=lambda _request, value: value
)


def router(url: str, ca: str) -> APIRouter:
    """Forwards everything to the authority at `url`; `ca` is the CA file of its certificate.

    Clients sign the URL of each request, so they must use the authority's own name.
    """
    routes = APIRouter()
    client = httpx.AsyncClient(verify=ssl.create_default_context(cafile=ca), timeout=TIMEOUT)

    async def forward(request: Request, path: str) -> Response:
        try:
            answer = await client.request(
                request.method,
                f"{url}/{path}",
                params=request.query_params,
                headers={k: v for k, v in request.headers.items() if k not in _HOP},
                content=await request.body(),
            )
        except httpx.TransportError as error:
            raise CloudError(502, _error_body(502, f"the authority: {error}")) from error
        headers = {k: v for k, v in answer.headers.items() if k not in _HOP}
        return Response(answer.content, answer.status_code, headers)

    routes.add_api_route("/{path:path}", forward, methods=METHODS)
    return routes
