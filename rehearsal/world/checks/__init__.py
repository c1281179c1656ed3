"""What a finished world has to show, one check each; the main job and the tests ask the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rehearsal.world.checks.canaries import canaries
from rehearsal.world.checks.closed_ports import closed_ports
from rehearsal.world.checks.packet_filter import metadata, peers
from rehearsal.world.checks.published_ports import published
from rehearsal.world.checks.reboot import reboot
from rehearsal.world.checks.renewal import renewal
from rehearsal.world.checks.tailnet_policy import policy
from rehearsal.world.checks.tls import api_to_auth, tls, web_to_api
from rehearsal.world.checks.tls_settings import scan
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# What is done, and how its checks come about. In this order: the last one takes a server away.
CHECK_STEPS: dict[str, Callable[[Scenario], Iterable[Check]]] = {
    "ask every name for its certificate": tls,
    "ask the API through the web server": web_to_api,
    "ask auth from inside the API's container": api_to_auth,
    "look at what listens": published,
    "let a scanner judge the TLS settings": scan,
    "scan every public port": closed_ports,
    "knock from server to server": policy,
    "open the tailnet's policy to everybody": peers,
    "ask for the metadata from containers": metadata,
    "renew a certificate under load": renewal,
    "look for every secret": canaries,
    "reboot a server": reboot,
}
