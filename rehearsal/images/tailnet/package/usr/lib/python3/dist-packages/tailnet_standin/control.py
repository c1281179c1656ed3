"""Talks to the rehearsal's control server over HTTPS with this system's certificates."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

Json = dict[str, Any]


class RefusedError(Exception):
    """The control server said no; the text is its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class UnreachableError(Exception):
    """No answer, or not from a control server."""


def post(server: str, path: str, body: Json, timeout: float) -> Json:
    """POST to /rehearsal/PATH of the control server and return its answer."""
    url = f"{server.rstrip('/')}/rehearsal/{path}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        context = ssl.create_default_context()
        with urllib.request.urlopen(request, timeout=timeout, context=context) as answer:
            value: Json = json.load(answer)
            return value
    except urllib.error.HTTPError as refusal:
        raise _refusal(refusal) from refusal
    except (OSError, ValueError) as problem:
        raise UnreachableError(f"{url}: {problem}") from problem


def _refusal(refusal: urllib.error.HTTPError) -> Exception:
    text = refusal.read().decode(errors="replace")
    if refusal.code >= 500 or refusal.code == 429:
        return UnreachableError(f"{refusal.url}: {refusal.code} {text}")
    try:
        return RefusedError(refusal.code, str(json.loads(text)["message"]))
    except (ValueError, KeyError, TypeError):
        return RefusedError(refusal.code, f"{refusal.code} {text}")
