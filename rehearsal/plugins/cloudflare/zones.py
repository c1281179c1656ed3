"""cloudflare:index/getZone and getZones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rehearsal.plugins.base import Call
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.names import camels, present
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.cloudflare.api import result
from rehearsal.plugins.values import Values

QUERIES: Final = ("match", "name", "status", "order", "direction")


def _query(filter: Values) -> dict[str, str]:
    account = {f"account.{name}": value for name, value in (filter.get("account") or {}).items()}
    return {
        n: str(v) for n, v in present({**{n: filter.get(n) for n in QUERIES}, **account}).items()
    }


def get_zone(web: Callable[[], Web], call: Call, arguments: Values) -> Values:
    """One zone, by its id or by a filter that must match just one."""
    zone_id, filter = arguments.get("zoneId"), arguments.get("filter")
    if (zone_id is None) == (filter is None):
        raise failure(
            call,
            "Missing Attribute Configuration"
            if zone_id is None
            else "Invalid Attribute Combination",
            "Exactly one of these attributes must be configured: [zone_id,filter]",
        )
    if filter is not None:
        found = result(call, web(), "GET", "/zones", query=_query(filter))
        if len(found) != 1:
            raise failure(call, "failed to find exactly one result", f"{len(found)} found")
        zone_id = found[0]["id"]
    zone = camels(result(call, web(), "GET", f"/zones/{zone_id}"))
    return {**zone, "zoneId": zone_id, **present({"filter": filter})}


def get_zones(web: Callable[[], Web], call: Call, arguments: Values) -> Values:
    """All zones that match, page by page until one is empty."""
    zones: list[Any] = []
    query, page = _query(arguments), 1
    while found := result(call, web(), "GET", "/zones", query=query):
        zones += found
        page += 1
        query["page"] = str(page)
    return {**arguments, "results": camels(zones), "id": str(len(zones))}
