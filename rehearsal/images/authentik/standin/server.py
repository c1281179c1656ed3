"""The server: health, CORS, and the routes of login, provider and API."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from . import api, login, oidc, provider, store
from .proxies import access_log
from .settings import http_address, setting

app = FastAPI(title="authentik (stand-in)", openapi_url=None)
app.include_router(login.router)
app.include_router(provider.router)
app.include_router(api.router)


@app.exception_handler(oidc.OidcError)
async def oauth_error(_: Request, error: oidc.OidcError) -> JSONResponse:
    """Answer OAuth errors as JSON with status 400."""
    code, _separator, detail = str(error).partition(": ")
    return JSONResponse({"error": code, "error_description": detail}, status_code=400)


@app.middleware("http")
async def cors(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Allow requests from the origins of the registered redirect URIs only."""
    preflight = request.method == "OPTIONS"
    answer = Response(status_code=204) if preflight else await call_next(request)
    origin = request.headers.get("origin", "")
    if origin and origin in registered_origins():
        answer.headers["access-control-allow-origin"] = origin
        answer.headers["access-control-allow-headers"] = "authorization"
        answer.headers["vary"] = "Origin"
    return answer


app.middleware("http")(access_log)


def registered_origins() -> set[str]:
    """Return the origins of all redirect URIs."""
    found = store.entries("authentik_providers_oauth2.oauth2provider")
    parts = [urlsplit(uri["url"]) for one in found for uri in one["redirect_uris"]]
    return {f"{part.scheme}://{part.netloc}" for part in parts}


@app.get("/-/health/live/")
def live() -> Response:
    """Answer while the process runs."""
    return Response(status_code=200)


@app.get("/-/health/ready/")
def ready() -> Response:
    """Answer 200 if the database is reachable, else 503."""
    try:
        store.check()
    except Exception as error:  # noqa: BLE001 - any error means not ready
        return JSONResponse({"problem": type(error).__name__}, status_code=503)
    return Response(status_code=200)


@app.get("/standin")
def standin() -> dict[str, object]:
    """Identify the stand-in, and list the blueprint's groups."""
    return {"standin": "authentik", "groups": api.group_names()}


@app.get("/")
def home() -> HTMLResponse:
    """Return a page for people."""
    return HTMLResponse("<!doctype html><title>authentik (stand-in)</title><h1>Stand-in</h1>")


def main() -> None:
    """Wait for the database, then serve."""
    setting("SECRET_KEY")
    store.prepare()
    host, port = http_address()
    uvicorn.run(
        app, host=host, port=port, access_log=False, proxy_headers=False, timeout_keep_alive=75
    )


if __name__ == "__main__":
    main()
