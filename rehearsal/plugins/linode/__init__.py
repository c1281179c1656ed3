"""Stand-in of the Linode provider: configuration and resources."""

from __future__ import annotations

import os
from typing import Any, Final

from rehearsal.plugins.base import Call, Provider, ProviderError
from rehearsal.plugins.bridge.settings import with_secrets
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.linode.api import Linode, LinodeError, retry
from rehearsal.plugins.linode.bucket import Bucket
from rehearsal.plugins.linode.bucket_key import BucketKey
from rehearsal.plugins.linode.firewall import Firewall
from rehearsal.plugins.linode.instance import Instance
from rehearsal.plugins.values import Values, plain

BASE_URL: Final = "https://api.linode.com"
POLL_MS: Final = 4000
SHORTEST_PAUSE_MS: Final = 3000


class LinodeProvider(Provider):
    """Calls the API once when it is configured: a bad token fails every run at once."""

    _api: Linode

    def __init__(self) -> None:
        super().__init__(
            name="linode",
            accept_secrets=False,
            settings=frozenset({"url", "token", "eventPollMs", "minRetryDelayMs"}),
            resources={
                "linode:index/firewall:Firewall": Firewall(lambda: self._api),
                "linode:index/instance:Instance": Instance(lambda: self._api),
                "linode:index/objectStorageBucket:ObjectStorageBucket": Bucket(lambda: self._api),
                "linode:index/objectStorageKey:ObjectStorageKey": BucketKey(lambda: self._api),
            },
        )

    def check_config(self, news: Values) -> Values:
        return with_secrets(super().check_config(news), {"token"})

    def configure(self, call: Call, config: Values) -> None:
        given: dict[str, Any] = plain(config)
        token = given.get("token") or os.environ.get("LINODE_TOKEN")
        url = given.get("url") or os.environ.get("LINODE_URL") or BASE_URL
        poll = given.get("eventPollMs") or os.environ.get("LINODE_EVENT_POLL_MS") or POLL_MS
        pause = float(given.get("minRetryDelayMs") or SHORTEST_PAUSE_MS) / 1000
        web = Web(
            base=f"{url.rstrip('/')}/v4",
            headers=lambda: {"Authorization": f"Bearer {token}"} if token else {},
            retry=retry(pause),
            cancelled=call.cancelled,
        )
        self._api = Linode(web=web, poll=int(poll) / 1000, cancelled=call.cancelled)
        try:
            self._api.call("GET", "/linode/types", query={"page": "100"})
        except LinodeError as error:
            text = f"1 error occurred:\n\t* Error connecting to the Linode API: {error}\n\n"
            raise ProviderError(text) from error


provider = LinodeProvider
