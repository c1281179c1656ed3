"""The checks of a finished world, for `make rehearse` and for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rehearsal.world.checks.browser_login import browser_login
from rehearsal.world.checks.canaries import canaries
from rehearsal.world.checks.closed_ports import closed_ports
from rehearsal.world.checks.packet_filter import metadata, peers
from rehearsal.world.checks.published_ports import published_ports
from rehearsal.world.checks.reboot import reboot
from rehearsal.world.checks.renewal import renewal
from rehearsal.world.checks.tailnet_policy import tailnet_policy
from rehearsal.world.checks.tls import api_to_auth, tls, web_to_api
from rehearsal.world.checks.tls_settings import tls_settings
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# Step name -> function that runs its checks. The reboot comes last: it interrupts a server.
CHECK_STEPS: dict[str, Callable[[Scenario], Iterable[Check]]] = {
    "check every name's certificate": tls,
    "request the API through the web server": web_to_api,
    "request auth from the API's container": api_to_auth,
    "list the listening sockets": published_ports,
    "scan every public port": closed_ports,
    "scan the TLS settings": tls_settings,
    "log in with a browser": browser_login,
    "connect from every server to every other": tailnet_policy,
    "connect under a policy that allows everything": peers,
    "request the metadata address from containers": metadata,
    "renew a certificate under load": renewal,
    "search for every secret": canaries,
    "reboot a server": reboot,
}

# These run side by side, because the port scan takes a minute. None changes what another examines.
SIDE_BY_SIDE = frozenset(
    {
        "scan every public port",
        "scan the TLS settings",
        "log in with a browser",
        "connect from every server to every other",
    }
)
