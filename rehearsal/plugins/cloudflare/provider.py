"""The Cloudflare provider: configuration, resources, functions."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from rehearsal.plugins.base import Call, CheckError, Provider, ProviderError
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.cloudflare.api import RETRY
from rehearsal.plugins.cloudflare.dns_record import DnsRecord
from rehearsal.plugins.cloudflare.zones import get_zone, get_zones
from rehearsal.plugins.values import Secret, Unknown, Values, plain

BASE_URL: Final = "https://api.cloudflare.com/client/v4"
TOKEN: Final = re.compile(r"[0-9A-Za-z_-]{40,80}")
BAD_TOKEN: Final = (
    "could not validate provider configuration: Invalid Attribute Value. "
    "Attribute api_token API tokens must only contain characters a-z, A-Z, 0-9, "
    "hyphens and underscores. Check `pulumi config get cloudflare:apiToken`."
)
SECRETS: Final = ("apiKey", "apiToken", "apiUserServiceKey")
ENVIRONMENT: Final = {
    "apiToken": "CLOUDFLARE_API_TOKEN",
    "apiKey": "CLOUDFLARE_API_KEY",
    "email": "CLOUDFLARE_EMAIL",
    "baseUrl": "CLOUDFLARE_BASE_URL",
}


class Cloudflare(Provider):
    """Makes no call before the first resource needs one."""

    def __init__(self) -> None:
        self._web: Web | None = None
        super().__init__(
            name="cloudflare",
            accept_secrets=False,
            resources={"cloudflare:index/dnsRecord:DnsRecord": DnsRecord(self.web)},
            functions={
                "cloudflare:index/getZone:getZone": partial(get_zone, self.web),
                "cloudflare:index/getZones:getZones": partial(get_zones, self.web),
            },
        )

    def check_config(self, call: Call, olds: Values, news: Values) -> Values:
        del call, olds
        token = plain(news.get("apiToken"))
        if token is not None and not isinstance(token, Unknown) and not TOKEN.fullmatch(token):
            raise CheckError(("", BAD_TOKEN))
        return {n: Secret(plain(v)) if n in SECRETS else v for n, v in news.items()}

    def configure(self, call: Call, config: Values) -> None:
        given = plain(config)
        settings = {n: given.get(n) or os.environ.get(e) for n, e in ENVIRONMENT.items()}
        if settings["apiToken"] and not TOKEN.fullmatch(settings["apiToken"]):
            raise ProviderError(BAD_TOKEN)
        self._web = Web(
            base=settings["baseUrl"] or BASE_URL,
            headers=lambda: _credentials(settings),
            retry=RETRY,
            cancelled=call.cancelled,
        )

    def web(self) -> Web:
        """The API; there is one once the provider is configured."""
        if self._web is None:
            raise ProviderError("the Cloudflare provider was asked before it was configured")
        return self._web


def _credentials(settings: Mapping[str, str | None]) -> dict[str, str]:
    if settings["apiToken"]:
        return {"Authorization": f"Bearer {settings['apiToken']}"}
    if settings["apiKey"] and settings["email"]:
        return {"X-Auth-Key": settings["apiKey"], "X-Auth-Email": settings["email"]}
    return {}


def provider() -> Cloudflare:
    """What the launcher serves."""
    return Cloudflare()
