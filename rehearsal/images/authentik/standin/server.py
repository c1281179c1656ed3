"""The server: health and OIDC endpoints at Authentik's paths."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from . import oidc, store
from .settings import http_address, setting

app = FastAPI(title="authentik (stand-in)", openapi_url=None)


@app.exception_handler(oidc.OidcError)
async def oauth_error(_: Request, error: oidc.OidcError) -> JSONResponse:
    """Answer OAuth errors as JSON with status 400."""
    code, _separator, detail = str(error).partition(": ")
    return JSONResponse({"error": code, "error_description": detail}, status_code=400)


@app.middleware("http")
async def cors(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Allow requests from the origins of the registered redirect URIs only."""
    answer = await call_next(request)
    origin = request.headers.get("origin", "")
    for provider in store.entries("authentik_providers_oauth2.oauth2provider") if origin else []:
        if any(uri["url"].startswith(origin + "/") for uri in provider["redirect_uris"]):
            answer.headers["access-control-allow-origin"] = origin
            answer.headers["vary"] = "Origin"
    return answer


def base(request: Request) -> str:
    """Return the scheme and host of the browser's request."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return f"{scheme}://{request.headers['host']}"


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


@app.get("/application/o/{slug}/.well-known/openid-configuration")
def discovery(slug: str, request: Request) -> JSONResponse:
    """Return the OIDC discovery document."""
    if oidc.application(slug) is None:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    root = f"{base(request)}/application/o"
    endpoints: dict[str, Any] = {
        f"{name}_endpoint": f"{root}/{path}/"
        for name, path in (
            ("authorization", "authorize"),
            ("token", "token"),
            ("userinfo", "userinfo"),
            ("revocation", "revoke"),
        )
    }
    return JSONResponse(
        endpoints
        | {
            "issuer": f"{root}/{slug}/",
            "jwks_uri": f"{root}/{slug}/jwks/",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile", "offline_access"],
        }
    )


@app.get("/application/o/{slug}/jwks/")
def jwks(slug: str) -> JSONResponse:
    """Return the public key."""
    if oidc.application(slug) is None:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    return JSONResponse(oidc.jwks())


@app.get("/application/o/authorize/")
def authorize(request: Request) -> RedirectResponse:
    """Redirect with a code at once: the stand-in has no login form."""
    return RedirectResponse(oidc.authorize(dict(request.query_params)), status_code=302)


@app.post("/application/o/token/")
async def token(request: Request) -> JSONResponse:
    """Return tokens for a code or a refresh token."""
    form = dict(parse_qsl((await request.body()).decode()))
    return JSONResponse(oidc.exchange(form, base(request)), headers={"cache-control": "no-store"})


@app.get("/application/o/userinfo/")
def userinfo(request: Request) -> JSONResponse:
    """Return the claims of the bearer token."""
    return JSONResponse(oidc.user_of(request.headers.get("authorization", "").partition(" ")[2]))


@app.get("/standin")
def standin() -> dict[str, object]:
    """Identify the stand-in, and list the blueprint's groups."""
    groups = [str(group["name"]) for group in store.entries("authentik_core.group")]
    return {"standin": "authentik", "groups": sorted(groups)}


@app.get("/")
def home() -> HTMLResponse:
    """Return a page for people."""
    return HTMLResponse("<!doctype html><title>authentik (stand-in)</title><h1>Stand-in</h1>")


def main() -> None:
    """Wait for the database, then serve."""
    setting("SECRET_KEY")
    store.prepare()
    host, port = http_address()
    uvicorn.run(app, host=host, port=port, access_log=False, timeout_keep_alive=75)


if __name__ == "__main__":
    main()
