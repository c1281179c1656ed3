"""Tailscale's HTTP side, `/api/v2/...`."""

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from rehearsal.clouds.http import ApiFormat, Routes, json_body
from rehearsal.clouds.tailscale.cloud import TailscaleCloud
from rehearsal.clouds.tailscale.errors import failed, not_modelled
from rehearsal.clouds.tokens import PREFIX

Json = dict[str, Any]
OAUTH_TOKEN = f"{PREFIX}oauth-"
_OAUTH = "/api/v2/oauth/token"


def _token(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value if scheme.lower() == "bearer" else _basic(request)[0]


def _basic(request: Request) -> tuple[str, str]:
    """User and password of Basic authorization, empty strings without any."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    try:
        decoded = base64.b64decode(value, validate=True) if scheme.lower() == "basic" else b""
        user, _, password = decoded.decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def routes(tailnet: TailscaleCloud) -> Routes:
    """The routes of keys, devices and the policy."""
    keys = "/api/v2/tailnet/{name}/keys"
    return {
        # Ids only, as in the real API.
        f"GET {keys}": lambda _name: {"keys": [{"id": row["id"]} for row in tailnet.keys.views()]},
        # An OAuth client is in this collection too, under its client id.
        f"GET {keys}/{{key}}": lambda _name, key: (
            tailnet.client(key) if key.startswith("rehearsal-") else tailnet.keys.get(key)
        ),
        f"DELETE {keys}/{{key}}": lambda _name, key: tailnet.keys.delete(key),
        "GET /api/v2/tailnet/{name}/acl": lambda _name: tailnet.control.policy(),
        "GET /api/v2/tailnet/{name}/devices": lambda _name: {"devices": tailnet.device_views()},
        "DELETE /api/v2/device/{device}": tailnet.remove,
    }


def credentials(tailnet: TailscaleCloud) -> APIRouter:
    """The routes whose answer depends on the credentials: access tokens and new keys."""
    router = APIRouter(prefix="/api/v2")

    @router.post("/oauth/token")
    async def token(request: Request) -> Json:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        client, secret = _basic(request)
        client, secret = form.get("client_id", client), form.get("client_secret", secret)
        if not (client.startswith(PREFIX) and tailnet.tokens.exists(secret)):
            raise failed(401, "API token invalid")
        access, scope = OAUTH_TOKEN + secrets.token_hex(16), form.get("scope", "all")
        return {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "scope": scope}

    @router.post("/tailnet/{name}/keys")
    async def create(request: Request) -> Json:
        body = await json_body(request, api_format(tailnet))
        return tailnet.keys.create(body, tags_needed=_token(request).startswith(OAUTH_TOKEN))

    return router


def _result(request: Request, value: Any) -> Any:
    """No value is an empty body. `all` (keys of every user) and `fields` change nothing here."""
    for key in request.query_params.keys() - {"all", "fields"}:
        raise not_modelled(f"the parameter {key}")
    return Response() if value is None else value


def api_format(tailnet: TailscaleCloud) -> ApiFormat:
    """How this tailnet checks credentials and formats answers."""

    def authorise(request: Request) -> None:
        """An API key as Basic user or Bearer, or an access token of an OAuth client."""
        if request.url.path != _OAUTH and not tailnet.tokens.exists(_token(request)):
            raise failed(401, "API token invalid")

    return ApiFormat(
        authorise=authorise, error_body=lambda _status, text: {"message": text}, result=_result
    )
