"""The user of a token, from Authentik's userinfo endpoint."""

import json
import os
import ssl
import urllib.error
import urllib.request
from typing import Any

from fastapi import HTTPException, Request

# The trust store of the host, which the compose file mounts.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def user_of(token: str) -> dict[str, Any] | None:
    """Return the claims of an access token; None if Authentik rejects it."""
    request = urllib.request.Request(
        f"{os.environ['AUTHENTIK_URL']}/application/o/userinfo/",
        headers={"Authorization": f"Bearer {token}"},
    )
    context = ssl.create_default_context(cafile=AUTHORITIES)
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            claims: dict[str, Any] = json.load(answer)
            return claims
    except urllib.error.HTTPError as error:
        if error.code in (400, 401, 403):
            return None
        raise


def current_user(request: Request) -> dict[str, Any]:
    """Return the user of a request; 401 without a valid token, 503 without Authentik."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        user = user_of(token) if scheme == "Bearer" and token else None
    except OSError as error:
        raise HTTPException(503, f"Authentik does not answer: {error}") from error
    if user is None:
        raise HTTPException(401, "log in", {"WWW-Authenticate": "Bearer"})
    return user
