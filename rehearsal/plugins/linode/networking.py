"""linode:index/getInstanceNetworking:getInstanceNetworking."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from rehearsal.plugins.base import Call
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.names import camels
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.values import Values

ADDRESS: Final = ("address", "gateway", "subnet_mask", "prefix", "type", "public", "rdns")
AFTER: Final = ("linode_id", "interface_id", "region", "vpc_nat_1_1")


def _raw(address: Any) -> Values:
    """An address as the client library writes it: absent texts are empty."""
    known = {name: address.get(name) for name in (*ADDRESS, *AFTER)}
    blank = {name: known[name] or "" for name in ("gateway", "rdns")}
    return {**known, **blank, "reserved": address.get("reserved") or False}


def _shown(address: Any) -> Values:
    return {**camels(_raw(address)), "reserved": None, "assignedEntity": None, "tags": None}


def get_instance_networking(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """The addresses of an instance."""
    linode = int(arguments["linodeId"])
    try:
        ips = api().get(f"/linode/instances/{linode}/ips")
    except LinodeError as error:
        text = f"Failed to get Linode instance {linode} networking"
        raise failure(call, text, str(error)) from error
    v4, v6 = ips["ipv4"], ips["ipv6"]
    raw4: Values = {name: [_raw(a) for a in v4[name]] for name in ("public", "private", "shared")}
    raw4 |= {name: v4.get(name) or [] for name in ("reserved", "vpc")}
    raw6: Values = {name: _raw(v6[name]) for name in ("link_local", "slaac")}
    raw6 |= {name: v6.get(name) or [] for name in ("global", "vpc")}
    return {
        "id": json.dumps({"ipv4": raw4, "ipv6": raw6}, separators=(",", ":")),
        "linodeId": linode,
        "ipv4s": [{f"{name}s": [_shown(a) for a in v4.get(name) or []] for name in raw4}],
        "ipv6s": [
            {
                "linkLocal": _shown(v6["link_local"]),
                "slaac": _shown(v6["slaac"]),
                "globals": camels(v6.get("global") or []),
                "vpcs": None,
            }
        ],
    }
