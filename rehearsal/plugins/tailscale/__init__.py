"""Stand-in of the Tailscale provider: configuration and resources."""

from __future__ import annotations

import json
import os
from typing import Any, Final

from rehearsal.plugins.base import Call, Provider
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.settings import with_secrets
from rehearsal.plugins.tailscale.api import Tailnet, Token, basic
from rehearsal.plugins.tailscale.tailnet_key import TailnetKey
from rehearsal.plugins.values import Values, plain

BASE_URL: Final = "https://api.tailscale.com"
SECRETS: Final = ("apiKey", "oauthClientSecret")
ENVIRONMENT: Final = {
    "baseUrl": "TAILSCALE_BASE_URL",
    "tailnet": "TAILSCALE_TAILNET",
    "apiKey": "TAILSCALE_API_KEY",
    "oauthClientId": "TAILSCALE_OAUTH_CLIENT_ID",
    "oauthClientSecret": "TAILSCALE_OAUTH_CLIENT_SECRET",
}
NO_CREDENTIALS: Final = (
    "tailscale provider credentials are empty - set `api_key` or 'oauth_client_id' and one of "
    "'oauth_client_secret', 'identity_token', or 'audience'"
)


class Tailscale(Provider):
    """Makes no call before a resource does, but fails at once without credentials."""

    _tailnet: Tailnet

    def __init__(self) -> None:
        super().__init__(
            name="tailscale",
            accept_secrets=False,
            resources={"tailscale:index/tailnetKey:TailnetKey": TailnetKey(lambda: self._tailnet)},
            settings=frozenset({*ENVIRONMENT, "scopes"}),
        )

    def check_config(self, news: Values) -> Values:
        settings = with_secrets(super().check_config(news), SECRETS)
        agent = f"Pulumi/3.0 (https://www.pulumi.com) pulumi-tailscale/{plain(news.get('version'))}"
        return {"userAgent": agent, **settings}

    def configure(self, call: Call, config: Values) -> None:
        given: dict[str, Any] = plain(config)
        settings = {n: given.get(n) or os.environ.get(e) for n, e in ENVIRONMENT.items()}
        base = settings["baseUrl"] or BASE_URL
        key, client, secret = (
            settings[n] for n in ("apiKey", "oauthClientId", "oauthClientSecret")
        )
        if client and secret:
            headers: Any = Token(base, client, secret, _list(given.get("scopes")))
        elif key:
            headers = lambda: {"Authorization": basic(key)}  # noqa: E731
        else:
            raise failure(call, "Provider credentials error", NO_CREDENTIALS)
        self._tailnet = Tailnet(base, settings["tailnet"] or "-", headers)


def _list(value: Any) -> list[str]:
    """A list in the stack's configuration reaches a plugin as JSON, one in a program as a list."""
    loaded: list[str] = json.loads(value) if isinstance(value, str) else value or []
    return loaded


provider = Tailscale
