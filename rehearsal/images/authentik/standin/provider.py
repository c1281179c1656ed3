"""The OIDC endpoints at Authentik's paths."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from . import login, oidc, users
from .keys import key_set
from .proxies import base

router = APIRouter()


@router.get("/application/o/{slug}/.well-known/openid-configuration")
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
            ("end_session", f"{slug}/end-session"),
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


@router.get("/application/o/{slug}/jwks/")
def jwks(slug: str) -> JSONResponse:
    """Return the public key."""
    if oidc.application(slug) is None:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    return JSONResponse(key_set(oidc.signing_key()))


@router.get("/application/o/authorize/")
def authorize(request: Request) -> Response:
    """Redirect with a code, or to the login; a user in no group of the application is denied."""
    query = dict(request.query_params)
    oidc.validate(query)
    user = login.current_user(request)
    if user is None:
        return login.redirect_to_login(request)
    if not users.may_use(user, oidc.slug_of(query["client_id"])):
        return login.page("Permission denied", "Request has been denied.")
    return RedirectResponse(oidc.authorize(query, user["username"]), status_code=302)


@router.get("/application/o/{slug}/end-session/")
def end_session(slug: str, request: Request, post_logout_redirect_uri: str = "") -> Response:
    """End the session, and redirect to the application if the URL is registered for that."""
    found = oidc.application(slug)
    if found is None:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    users.end_session(request.cookies.get(login.COOKIE, ""))
    uris = oidc.redirect_uris(oidc.provider_named(found["provider"]["name"]), "logout")
    if post_logout_redirect_uri in uris:
        answer: Response = RedirectResponse(post_logout_redirect_uri, status_code=302)
    else:
        answer = login.page("You've logged out", "")
    answer.delete_cookie(login.COOKIE)
    return answer


@router.post("/application/o/token/")
async def token(request: Request) -> JSONResponse:
    """Return tokens for a code or a refresh token."""
    form = dict(parse_qsl((await request.body()).decode()))
    return JSONResponse(oidc.exchange(form, base(request)), headers={"cache-control": "no-store"})


@router.get("/application/o/userinfo/")
def userinfo(request: Request) -> JSONResponse:
    """Return the claims of the bearer token."""
    return JSONResponse(oidc.user_of(request.headers.get("authorization", "").partition(" ")[2]))
