"""cloudflare:index/dnsRecord:DnsRecord."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from rehearsal.plugins.base import Call, Diff, Resource
from rehearsal.plugins.bridge.fields import Field, changed, diff, planned
from rehearsal.plugins.bridge.framework import (
    failure,
    refreshed_inputs,
    refuse_unknown_inputs,
    require,
    unknowns,
    warn,
)
from rehearsal.plugins.bridge.names import camels, present, snakes
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.cloudflare.api import failed, result
from rehearsal.plugins.values import UNKNOWN, Values


def _short_name(state: Any, given: Any) -> bool:
    """`www` and `@` mean what the API calls by its full name."""
    if not (isinstance(state, str) and isinstance(given, str)):
        return False
    return state.startswith(f"{given.rstrip('.')}.") or (given == "@" and "." in state)


FIELDS: Final[Mapping[str, Field]] = {
    "zoneId": Field(replaces=True),
    "type": Field(replaces=True),
    "name": Field(same=_short_name),
    "content": Field(),
    "data": Field(),
    "priority": Field(),
    "ttl": Field(),
    "proxied": Field(default=False),
    "comment": Field(),
    "tags": Field(kept=True),
    "settings": Field(kept=True),
    "privateRouting": Field(),
}
REQUIRED: Final = ("name", "ttl", "type", "zoneId")
COMPUTED: Final = ("createdOn", "meta", "modifiedOn", "proxiable")
CNAME_SETTINGS: Final = {"flattenCname": False, "ipv4Only": False, "ipv6Only": False}
HOST_TYPES: Final = frozenset({"CNAME", "NS", "PTR"})


class DnsRecord(Resource):
    """A record of a zone; only its type and its zone are for ever."""

    def __init__(self, web: Callable[[], Web]) -> None:
        self._web = web

    def check(self, call: Call, olds: Values, news: Values) -> Values:
        del olds
        refuse_unknown_inputs(call, news, FIELDS)
        require(call, news, REQUIRED)
        return news

    def diff(self, call: Call, id: str, state: Values, old_inputs: Values, news: Values) -> Diff:
        del call, id, old_inputs
        plan = _plan(state, news)
        return diff(FIELDS, state, plan, _touched(state, plan))

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        plan = _plan({}, inputs)
        if call.preview:
            return "", unknowns(present(plan), [*COMPUTED, "settings", "tags"])
        _refuse_own_ttl(call, plan)
        body = snakes(
            present({n: v for n, v in plan.items() if n != "zoneId" and n in _sent(inputs)})
        )
        path = f"/zones/{plan['zoneId']}/dns_records"
        record = result(call, self._web(), "POST", path, body=body)
        return record["id"], _outputs(plan, record)

    def read(
        self, call: Call, id: str, state: Values, inputs: Values
    ) -> tuple[Values, Values] | None:
        zone, _, record_id = id.rpartition("/")
        zone = zone or state["zoneId"]
        web, path = self._web(), f"/zones/{zone}/dns_records/{record_id}"
        answer = web.call("GET", path)
        if answer.status == 404:
            warn(
                call,
                "Resource not found",
                "The resource was not found on the server and will be removed from state.",
            )
            return None
        if not answer.ok:
            raise failed(call, web, "GET", path, answer)
        record = camels(answer.json["result"])
        found = {name: record.get(name) for name in FIELDS} | {"zoneId": zone}
        outputs = _outputs(found, answer.json["result"])
        return outputs, refreshed_inputs(inputs, outputs) if inputs else _imported(outputs)

    def update(
        self, call: Call, id: str, state: Values, old_inputs: Values, news: Values
    ) -> Values:
        del old_inputs
        plan = _plan(state, news)
        if call.preview:
            touched = dict.fromkeys(_touched(state, plan), UNKNOWN)
            return present({**state, **dict.fromkeys(FIELDS), **plan, **touched})
        _refuse_own_ttl(call, plan)
        cleared = {name for name in changed(FIELDS, state, plan) if plan[name] is None}
        body = snakes(
            {n: v for n, v in plan.items() if n != "zoneId" and (v is not None or n in cleared)}
        )
        path = f"/zones/{plan['zoneId']}/dns_records/{id}"
        return _outputs(plan, result(call, self._web(), "PUT", path, body=body))

    def delete(self, call: Call, id: str, state: Values, inputs: Values) -> None:
        del inputs
        result(call, self._web(), "DELETE", f"/zones/{state['zoneId']}/dns_records/{id}")


def _plan(state: Values, inputs: Values) -> Values:
    plan = planned(FIELDS, state, inputs)
    if plan["type"] == "CNAME":
        plan["settings"] = {**CNAME_SETTINGS, **(plan["settings"] or {})}
    old = state.get("content")
    if plan["type"] in HOST_TYPES and str(plan["content"]).lower() == str(old).lower():
        plan["content"] = old
    return plan


def _touched(state: Values, plan: Values) -> list[str]:
    """The computed outputs that an update changes."""
    names = set(changed(FIELDS, state, plan)) - {"zoneId"}
    touched = ["modifiedOn"] if names else []
    touched += ["commentModifiedOn"] if "comment" in names and plan["comment"] else []
    return touched + (["tagsModifiedOn"] if "tags" in names and plan["tags"] else [])


def _sent(inputs: Values) -> set[str]:
    return {*inputs, "proxied"}


def _refuse_own_ttl(call: Call, plan: Values) -> None:
    if plan["proxied"] and plan["ttl"] != 1:
        raise failure(
            call,
            "ttl must be set to 1 when `proxied` is true",
            "When a DNS record is marked as `proxied` the TTL must be 1"
            " as Cloudflare will control the TTL internally.",
        )


def _seconds(moment: str | None) -> str | None:
    """The API's time without fractions of a second."""
    return re.sub(r"\.\d+", "", moment) if moment else None


def _outputs(plan: Values, record: Values) -> Values:
    """The planned values, and from the API only what the provider computes."""
    settings = plan["settings"]
    tags = plan["tags"]
    return present(
        {
            **plan,
            "settings": camels(record.get("settings") or {}) if settings is None else settings,
            "tags": record.get("tags") or [] if tags is None else tags,
            "meta": "{}",
            "proxiable": record.get("proxiable"),
            "createdOn": _seconds(record.get("created_on")),
            "modifiedOn": _seconds(record.get("modified_on")),
            "commentModifiedOn": _seconds(record.get("comment_modified_on")),
            "tagsModifiedOn": _seconds(record.get("tags_modified_on")),
        }
    ) | {"id": record["id"]}


def _imported(outputs: Values) -> Values:
    return {name: outputs[name] for name in FIELDS if outputs.get(name) not in (None, [], {})}
