"""Client address, scheme and host of a request. As in Authentik 2026.8, X-Forwarded-* headers
count only if the peer is a trusted proxy: https://github.com/goauthentik/authentik/issues/25559
"""

import json
import sys
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from .settings import is_trusted


def client(request: Request) -> str:
    """Return the address of the browser."""
    peer = request.client.host if request.client else "127.0.0.1"
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    return forwarded if forwarded and is_trusted(peer) else peer


def base(request: Request) -> str:
    """Return scheme and host of the URL in the browser."""
    peer = request.client.host if request.client else "127.0.0.1"
    scheme, host = "http", request.headers["host"]
    if is_trusted(peer):
        scheme = request.headers.get("x-forwarded-proto", scheme)
        host = request.headers.get("x-forwarded-host", host)
    return f"{scheme}://{host}"


async def access_log(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Write one JSON line for each request but health checks, without its query."""
    answer = await call_next(request)
    if not request.url.path.startswith("/-/health/"):
        line = {
            "event": request.url.path,
            "method": request.method,
            "remote": client(request),
            "scheme": base(request).partition(":")[0],
            "status": answer.status_code,
        }
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()
    return answer
