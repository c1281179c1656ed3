"""The login: a page, and the flow executor with two stages at Authentik's paths."""

from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from . import store, users
from .proxies import base
from .settings import VERSION

COOKIE, PENDING = "authentik_session", "authentik_pending"
FLOW = "default-authentication-flow"
SCRIPT = f"/static/dist/flow-{VERSION}.js"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title} (stand-in)</title>
<body><h1>{title}</h1>{body}</body></html>"""
FORM = f"""<p id="problem" role="alert"></p><form hidden><label>Email or Username
<input name="uidField" autocomplete="username"></label><label hidden>Password
<input name="password" type="password" autocomplete="current-password"></label>
<button type="submit">Log in</button></form><script src="{SCRIPT}"></script>"""

router = APIRouter()


def page(title: str, body: str) -> HTMLResponse:
    """Return a page, which no cache keeps."""
    headers = {"cache-control": "no-store"}
    return HTMLResponse(PAGE.format(title=title, body=body), headers=headers)


def current_user(request: Request) -> dict[str, Any] | None:
    """Return the user of the request's session."""
    session = users.session(request.cookies.get(COOKIE, ""))
    return users.by_name(session.get("username", "")) if session else None


def redirect_to_login(request: Request) -> RedirectResponse:
    """Redirect to the login, and back to this URL after it; to the set-up if it is incomplete."""
    if store.document("setup") is None:
        return RedirectResponse(f"{base(request)}/if/flow/initial-setup/", status_code=302)
    path = f"{request.url.path}?{request.url.query}"
    query = urlencode({"next": path})
    return RedirectResponse(f"{base(request)}/if/flow/{FLOW}/?{query}", status_code=302)


@router.get("/if/flow/{slug}/")
def flow(slug: str) -> Response:
    """Return the page of the login."""
    if slug == FLOW:
        return page("Welcome to authentik!", FORM)
    return page("Set-up", "The set-up is not complete: set a bootstrap variable in the worker.")


@router.get(SCRIPT)
def script() -> FileResponse:
    """Return the script of the login page."""
    return FileResponse("/authentik/standin/flow.js", media_type="text/javascript")


@router.get("/api/v3/flows/executor/{slug}/")
def challenge(slug: str) -> JSONResponse:
    """Return the first stage."""
    if slug != FLOW:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    return JSONResponse({"component": "ak-stage-identification", "user_fields": ["username"]})


@router.post("/api/v3/flows/executor/{slug}/")
async def solve(slug: str, request: Request) -> JSONResponse:
    """Take a stage's response; return the next stage, or where to go."""
    if slug != FLOW:
        return JSONResponse({"detail": "Not found."}, status_code=404)
    given: dict[str, Any] = await request.json()
    if given.get("component") == "ak-stage-identification":
        answer = JSONResponse({"component": "ak-stage-password"})
        pending = users.start_session({"pending": str(given.get("uid_field", ""))})
        set_cookie(answer, PENDING, pending, request)
        return answer
    return finish(request, str(given.get("password", "")))


def finish(request: Request, password: str) -> JSONResponse:
    """Check the password; the answer is the same for an unknown user."""
    pending = users.session(request.cookies.get(PENDING, "")) or {}
    user = users.by_name(pending.get("pending", ""))
    if not user or not users.matches(password, user["password"]):
        errors = {"password": [{"string": "Invalid password", "code": "invalid"}]}
        return JSONResponse({"component": "ak-stage-password", "response_errors": errors})
    query = parse_qs(request.query_params.get("query", ""))
    answer = JSONResponse({"component": "xak-flow-redirect", "to": local(query.get("next", ["/"]))})
    session = users.start_session({"username": user["username"]})
    set_cookie(answer, COOKIE, session, request)
    answer.delete_cookie(PENDING)
    return answer


def local(target: list[str]) -> str:
    """Return a path of this server, whatever was requested."""
    path = target[0]
    return path if path.startswith("/") and not path.startswith("//") else "/"


def set_cookie(answer: Response, name: str, value: str, request: Request) -> None:
    """Set a session's cookie; Secure when the browser uses https."""
    secure = base(request).startswith("https")
    answer.set_cookie(name, value, httponly=True, secure=secure, samesite="lax")
