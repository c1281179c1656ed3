"""Tailscale's API, with an API key as the Basic user or an OAuth client's token."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.bridge.web import Answer, Web

TOKEN_PATH: Final = "/api/v2/oauth/token"


def basic(user: str, password: str = "") -> str:
    """The Authorization header of a user and a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Token:
    """An OAuth client's access token, fetched before the first call."""

    def __init__(self, base: str, client: str, secret: str, scopes: Sequence[str]) -> None:
        self._web = Web(base=base, headers=lambda: {"Authorization": basic(client, secret)})
        self._scopes = scopes
        self._token: str | None = None

    def __call__(self) -> dict[str, str]:
        """The headers of a call."""
        if self._token is None:
            form = {"grant_type": "client_credentials"}
            if self._scopes:
                form["scope"] = " ".join(self._scopes)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = self._web.call("POST", TOKEN_PATH, body=urlencode(form), headers=headers)
            if not answer.ok:
                raise ProviderError(
                    f"oauth2: cannot fetch token: {answer.phrase}\nResponse: {answer.text}"
                )
            self._token = answer.json["access_token"]
        return {"Authorization": f"Bearer {self._token}"}


class Tailnet:
    """The API of one tailnet. No call is retried, not even after 429 or 500."""

    def __init__(self, base: str, name: str, headers: Callable[[], dict[str, str]]) -> None:
        self.name = name
        self._web = Web(base=base, headers=headers)

    def call(self, method: str, path: str, **arguments: Any) -> Answer:
        """One call below the tailnet's path."""
        return self._web.call(method, f"/api/v2/tailnet/{self.name}{path}", **arguments)


def reason(answer: Answer) -> str:
    """The client library's error text: `<message> (<status>)`."""
    return f"{answer.json.get('message', '') if answer.text else ''} ({answer.status})"
