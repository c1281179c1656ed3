"""The Linode provider: configuration, resources, functions."""

from __future__ import annotations

import os
from functools import partial
from typing import Any, Final

from rehearsal.plugins.base import Call, Provider, ProviderError
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.linode import catalogue
from rehearsal.plugins.linode.api import Linode, LinodeError, retry
from rehearsal.plugins.linode.firewall import Firewall
from rehearsal.plugins.linode.instance import Instance
from rehearsal.plugins.linode.instances import get_instances
from rehearsal.plugins.linode.networking import get_instance_networking
from rehearsal.plugins.values import Values, plain

BASE_URL: Final = "https://api.linode.com"
API_VERSION: Final = "v4"
POLL_MS: Final = 4000
SHORTEST_PAUSE_MS: Final = 3000


def _function(name: str) -> str:
    return f"linode:index/{name}:{name}"


class LinodeProvider(Provider):
    """Asks the API once at the start, so that a bad token fails everything at once."""

    def __init__(self) -> None:
        self._api: Linode | None = None
        super().__init__(
            name="linode",
            accept_secrets=False,
            resources={
                "linode:index/firewall:Firewall": Firewall(self.api),
                "linode:index/instance:Instance": Instance(self.api),
            },
            functions={
                _function("getFirewalls"): partial(catalogue.get_firewalls, self.api),
                _function("getInstanceNetworking"): partial(get_instance_networking, self.api),
                _function("getInstanceType"): partial(catalogue.get_instance_type, self.api),
                _function("getInstanceTypes"): partial(catalogue.get_instance_types, self.api),
                _function("getInstances"): partial(get_instances, self.api),
                _function("getRegion"): partial(catalogue.get_region, self.api),
                _function("getRegions"): partial(catalogue.get_regions, self.api),
            },
        )

    def configure(self, call: Call, config: Values) -> None:
        given: dict[str, Any] = plain(config)
        token = given.get("token") or os.environ.get("LINODE_TOKEN")
        url = given.get("url") or os.environ.get("LINODE_URL") or BASE_URL
        version = given.get("apiVersion") or os.environ.get("LINODE_API_VERSION") or API_VERSION
        poll = given.get("eventPollMs") or os.environ.get("LINODE_EVENT_POLL_MS") or POLL_MS
        pause = float(given.get("minRetryDelayMs") or SHORTEST_PAUSE_MS) / 1000
        web = Web(
            base=f"{url.rstrip('/')}/{version}",
            headers=lambda: {"Authorization": f"Bearer {token}"} if token else {},
            retry=retry(pause),
            cancelled=call.cancelled,
        )
        self._api = Linode(
            web=web,
            poll=int(poll) / 1000,
            skip_ready_poll=_flag(given, "skipInstanceReadyPoll"),
            skip_delete_poll=_flag(given, "skipInstanceDeletePoll"),
            skip_reboots=_flag(given, "skipImplicitReboots"),
            cancelled=call.cancelled,
        )
        try:
            self._api.call("GET", "/linode/types", query={"page": "100"})
        except LinodeError as error:
            text = f"1 error occurred:\n\t* Error connecting to the Linode API: {error}\n\n"
            raise ProviderError(text) from error

    def api(self) -> Linode:
        """The API; there is one once the provider is configured."""
        if self._api is None:
            raise ProviderError("the Linode provider was asked before it was configured")
        return self._api


def _flag(given: Values, name: str) -> bool:
    """Nested configuration arrives as JSON text."""
    return given.get(name) in (True, "true")


def provider() -> LinodeProvider:
    """What the launcher serves."""
    return LinodeProvider()
