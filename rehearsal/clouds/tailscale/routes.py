"""Tailscale's HTTP side, `/api/v2/...`."""

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from rehearsal.clouds.http import json_body
from rehearsal.clouds.tailscale.devices import views
from rehearsal.clouds.tailscale.errors import failed, invalid_token
from rehearsal.clouds.tailscale.memory_control import MemoryControl
from rehearsal.clouds.tailscale.models import Tailscale

Json = dict[str, Any]
OAUTH_TOKEN = "rehearsal-oauth-"


def authorise(request: Request) -> None:
    """An API key as Basic user or Bearer, or a token got from /oauth/token."""
    if request.url.path == "/api/v2/oauth/token":
        return
    if not token_of(request).startswith("rehearsal-"):
        raise invalid_token()


def token_of(request: Request) -> str:
    """The credential a request carries, empty when it has none that can be read."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value if scheme.lower() == "bearer" else basic(request)[0]


def basic(request: Request) -> tuple[str, str]:
    """User and password of a Basic authorization, both empty when there is none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def error_body(_status: int, text: str) -> Json:
    """Tailscale's shape for any failure."""
    return {"message": text}


async def body_of(request: Request) -> Json:
    """The JSON a client sent."""
    return await json_body(request, lambda: failed(400, "invalid JSON"))


def oauth_routes() -> APIRouter:
    """Client credentials for a token that lives an hour."""
    router = APIRouter(prefix="/api/v2/oauth")

    @router.post("/token")
    async def token(request: Request) -> Json:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        client, secret = basic(request)
        client, secret = form.get("client_id", client), form.get("client_secret", secret)
        if not (client.startswith("rehearsal-") and secret.startswith("rehearsal-")):
            raise invalid_token()
        return {
            "access_token": OAUTH_TOKEN + secrets.token_hex(16),
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": form.get("scope", "all"),
        }

    return router


def key_routes(tailnet: Tailscale) -> APIRouter:
    """Auth keys."""
    router = APIRouter(prefix="/api/v2/tailnet/{name}/keys")

    @router.get("")
    async def keys() -> Json:
        """Ids only; `all` asks for other people's too, and here there is one person."""
        return {"keys": [{"id": key["id"]} for key in tailnet.keys.views()]}

    @router.post("")
    async def create(request: Request) -> Json:
        oauth = token_of(request).startswith(OAUTH_TOKEN)
        return tailnet.keys.create(await body_of(request), tags_needed=oauth)

    @router.get("/{key}")
    async def key(key: str) -> Json:
        """An OAuth client is a key, too; here it is one by its id."""
        return tailnet.client(key) if key.startswith("rehearsal-") else tailnet.keys.get(key)

    @router.delete("/{key}")
    async def delete(key: str) -> Response:
        tailnet.keys.delete(key)
        return Response()

    return router


def device_routes(tailnet: Tailscale) -> APIRouter:
    """Devices."""
    router = APIRouter(prefix="/api/v2")

    @router.get("/tailnet/{name}/devices")
    async def devices(request: Request) -> Json:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "fields"]
        return {"devices": views(tailnet.control.devices(), query)}

    @router.get("/device/{device}")
    async def device(device: str) -> Json:
        return tailnet.device(device).view()

    @router.delete("/device/{device}")
    async def delete(device: str) -> Response:
        tailnet.remove(device)
        return Response()

    return router


def policy_routes(tailnet: Tailscale) -> APIRouter:
    """The policy, to be read."""
    router = APIRouter(prefix="/api/v2/tailnet/{name}")

    @router.get("/acl")
    async def acl() -> Json:
        return tailnet.control.policy()

    return router


def register_routes(tailnet: Tailscale, control: MemoryControl) -> APIRouter:
    """How a device joins where no real control server is."""
    router = APIRouter(prefix="/rehearsal")

    @router.post("/register")
    async def register(request: Request) -> Json:
        return control.register(tailnet.keys, await body_of(request)).view()

    return router
