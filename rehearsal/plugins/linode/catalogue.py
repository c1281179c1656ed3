"""The functions that list what there is: plans, regions, firewalls."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

from rehearsal.plugins.base import Call
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.names import camels, snake
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.linode.firewall_rules import rule_shown
from rehearsal.plugins.values import Values

# Filters the API takes; the provider itself does the others.
TYPES_IN_API: Final = frozenset({"class", "disk", "gpus", "label", "memory", "network_out"}) | {
    "transfer",
    "vcpus",
}
FIREWALLS_IN_API: Final = frozenset({"id", "label", "tags"})
REGIONS_IN_API: Final[frozenset[str]] = frozenset()


def single(number: float) -> float:
    """A number as the real provider gives it: in 32 bits (0.0075 becomes 0.007499999832...)."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def _price(price: Any) -> Values:
    return {name: single(v) if name != "id" else v for name, v in camels(price).items()}


def _type(plan: Any) -> Values:
    backups = plan["addons"]["backups"]
    return {
        "acceleratedDevices": plan.get("accelerated_devices", 0),
        "addons": [{"backups": [_prices(backups)]}],
        "class": plan["class"],
        **{name: plan[name] for name in ("disk", "id", "label", "memory", "transfer", "vcpus")},
        "networkOut": plan["network_out"],
        **_prices(plan),
    }


def _prices(priced: Any) -> Values:
    return {
        "prices": [_price(priced["price"])],
        "regionPrices": [_price(price) for price in priced.get("region_prices") or []],
    }


def _region(region: Any) -> Values:
    limits, monitors = region.get("placement_group_limits"), region.get("monitors") or {}
    return {
        **{n: region[n] for n in ("capabilities", "country", "id", "label", "status")},
        "monitors": {name: monitors.get(name) or [] for name in ("alerts", "metrics")},
        "placementGroupLimits": [camels(limits)] if limits else [],
        "resolvers": [region["resolvers"]],
        "siteType": region.get("site_type"),
    }


def _firewall(firewall: Any) -> Values:
    rules = firewall["rules"]
    return {
        **{
            name: firewall[name] for name in ("id", "label", "status", "tags", "created", "updated")
        },
        "disabled": firewall["status"] == "disabled",
        "inboundPolicy": rules["inbound_policy"],
        "outboundPolicy": rules["outbound_policy"],
        "inbounds": [rule_shown(rule) for rule in rules["inbound"]],
        "outbounds": [rule_shown(rule) for rule in rules["outbound"]],
        "linodes": [e["id"] for e in firewall["entities"] if e["type"] == "linode"],
        "devices": [],
        "nodebalancers": [],
        "interfaces": [],
    }


def _api_filter(arguments: Values, in_api: frozenset[str]) -> Values:
    wanted = [
        {"+or": [_equals(f["name"], value) for value in f["values"]]}
        for f in arguments.get("filters") or []
        if f["name"] in in_api and f.get("matchBy") in (None, "exact")
    ]
    order = {"+order_by": arguments["orderBy"]} if arguments.get("orderBy") else {}
    return {"+and": wanted, "+order": arguments.get("order") or "desc", **order}


def _equals(name: str, text: str) -> Values:
    return {name: int(text) if text.isdigit() else text}


def passes(item: Any, filter: Values) -> bool:
    """Whether an item is one a filter asks for."""
    value = item.get(snake(filter["name"]))
    found = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    how: Mapping[str, Callable[[str, str], bool]] = {
        "exact": lambda text, wanted: text == wanted,
        "substring": lambda text, wanted: wanted in text,
        "re": lambda text, wanted: re.search(wanted, text) is not None,
    }
    match = how[filter.get("matchBy") or "exact"]
    return any(match(text, wanted) for text in found for wanted in filter["values"])


def _list(
    api: Linode, path: str, arguments: Values, in_api: frozenset[str], call: Call
) -> list[Any]:
    try:
        found = api.pages(path, _api_filter(arguments, in_api))
    except LinodeError as error:
        raise failure(call, f"Failed to list {path}", str(error)) from error
    filters = arguments.get("filters") or []
    return [item for item in found if all(passes(item, f) for f in filters)]


def listed(arguments: Values, **found: Any) -> Values:
    """A list's result; its id is a hash of what was asked."""
    asked = {name: arguments.get(name) for name in ("filters", "order", "orderBy")}
    digest = hashlib.sha3_512(json.dumps(asked, sort_keys=True).encode()).digest()
    return {**asked, **found, "id": base64.b64encode(digest).decode()}


def get_instance_type(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """One plan with its prices."""
    try:
        return _type(api().get(f"/linode/types/{arguments['id']}"))
    except LinodeError as error:
        raise failure(call, f"Error getting type {arguments['id']}: ", str(error)) from error


def get_instance_types(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """All plans that match."""
    plans = _list(api(), "/linode/types", arguments, TYPES_IN_API, call)
    return listed(arguments, types=[_type(plan) for plan in plans])


def get_region(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """One region."""
    try:
        return _region(api().get(f"/regions/{arguments['id']}"))
    except LinodeError as error:
        text = f"Error getting region {arguments['id']}"
        raise failure(call, text, str(error)) from error


def get_regions(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """All regions that match."""
    regions = _list(api(), "/regions", arguments, REGIONS_IN_API, call)
    return listed(arguments, regions=[_region(region) for region in regions])


def get_firewalls(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """All firewalls that match."""
    found = _list(api(), "/networking/firewalls", arguments, FIREWALLS_IN_API, call)
    return listed(arguments, firewalls=[_firewall(firewall) for firewall in found])
