"""Stand-in of the Cloudflare provider: configuration and resources."""

from __future__ import annotations

import os
import re
from typing import Final

from rehearsal.plugins.base import Call, CheckError, Provider, ProviderError
from rehearsal.plugins.bridge.settings import with_secrets
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.cloudflare.api import RETRY
from rehearsal.plugins.cloudflare.dns_record import DnsRecord
from rehearsal.plugins.values import Unknown, Values, plain

BASE_URL: Final = "https://api.cloudflare.com/client/v4"
TOKEN: Final = re.compile(r"[0-9A-Za-z_-]{40,80}")
BAD_TOKEN: Final = (
    "could not validate provider configuration: Invalid Attribute Value. "
    "Attribute api_token API tokens must only contain characters a-z, A-Z, 0-9, "
    "hyphens and underscores. Check `pulumi config get cloudflare:apiToken`."
)


class Cloudflare(Provider):
    """Makes no call before the first resource does."""

    _web: Web

    def __init__(self) -> None:
        super().__init__(
            name="cloudflare",
            accept_secrets=False,
            resources={"cloudflare:index/dnsRecord:DnsRecord": DnsRecord(lambda: self._web)},
            settings=frozenset({"apiToken", "baseUrl"}),
        )

    def check_config(self, news: Values) -> Values:
        settings = with_secrets(super().check_config(news), {"apiToken"})
        token = plain(news.get("apiToken"))
        if token is not None and not isinstance(token, Unknown) and not TOKEN.fullmatch(token):
            raise CheckError(("", BAD_TOKEN))
        return settings

    def configure(self, call: Call, config: Values) -> None:
        given = plain(config)
        token = given.get("apiToken") or os.environ.get("CLOUDFLARE_API_TOKEN")
        if token and not TOKEN.fullmatch(token):
            raise ProviderError(BAD_TOKEN)
        self._web = Web(
            base=given.get("baseUrl") or os.environ.get("CLOUDFLARE_BASE_URL") or BASE_URL,
            headers=lambda: {"Authorization": f"Bearer {token}"} if token else {},
            retry=RETRY,
            cancelled=call.cancelled,
        )


provider = Cloudflare
