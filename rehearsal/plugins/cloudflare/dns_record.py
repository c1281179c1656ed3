"""cloudflare:index/dnsRecord:DnsRecord."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.plugins.base import (
    Call,
    CheckError,
    Diff,
    Resource,
    Stored,
    not_modelled,
    require_modelled,
)
from rehearsal.plugins.bridge.fields import Field, changed, diff, planned
from rehearsal.plugins.bridge.framework import (
    failure,
    refreshed_inputs,
    require,
    unknowns,
    warn,
)
from rehearsal.plugins.bridge.names import camels, present, snakes
from rehearsal.plugins.bridge.web import Web
from rehearsal.plugins.cloudflare.api import failed, result
from rehearsal.plugins.values import UNKNOWN, Values

FIELDS: Final[Mapping[str, Field]] = {
    "zoneId": Field(replaces=True),
    "type": Field(replaces=True),
    "name": Field(),
    # A CAA record's is computed from `data` at the creation, and sent beside every later `data`.
    "content": Field(kept=True),
    "data": Field(),
    "ttl": Field(),
    "proxied": Field(default=False),
    "comment": Field(),
}
REQUIRED: Final = ("name", "ttl", "type", "zoneId")
TYPES: Final = ("A", "CAA")
COMPUTED: Final = ("content", "createdOn", "meta", "modifiedOn", "proxiable", "settings", "tags")


class DnsRecord(Resource):
    """A record of a zone; a change of type or zone replaces it."""

    def __init__(self, web: Callable[[], Web]) -> None:
        self._web = web

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        require(call, news, REQUIRED)
        if isinstance(news["type"], str) and news["type"] not in TYPES:
            raise CheckError(("type", not_modelled(f"a record of type {news['type']}")))
        return news

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        state = old.outputs
        plan = planned(FIELDS, state, news)
        return diff(FIELDS, state, plan, _computed(state, plan))

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        plan = planned(FIELDS, {}, inputs)
        if call.preview:
            return "", unknowns(present(plan), COMPUTED)
        _check_ttl(call, plan)
        body = snakes(
            present({n: v for n, v in plan.items() if n != "zoneId" and n in (*inputs, "proxied")})
        )
        path = f"/zones/{plan['zoneId']}/dns_records"
        record = result(call, self._web(), "POST", path, body=body)
        return record["id"], _outputs(plan, record)

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        zone, _, record_id = old.id.rpartition("/")
        zone = zone or old.outputs["zoneId"]
        web, path = self._web(), f"/zones/{zone}/dns_records/{record_id}"
        answer = web.call("GET", path)
        if answer.status == 404:
            gone = "The resource was not found on the server and will be removed from state."
            warn(call, "Resource not found", gone)
            return None
        if not answer.ok:
            raise failed(call, web, "GET", path, answer)
        record = camels(answer.json["result"])
        found = {name: record.get(name) for name in FIELDS} | {"zoneId": zone}
        outputs = _outputs(found, answer.json["result"])
        return outputs, refreshed_inputs(old.inputs, outputs) or _imported(outputs)

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        state = old.outputs
        plan = planned(FIELDS, state, news)
        if call.preview:
            unknown = dict.fromkeys(_computed(state, plan), UNKNOWN)
            return present({**state, **dict.fromkeys(FIELDS), **plan, **unknown})
        _check_ttl(call, plan)
        removed = {name for name in changed(FIELDS, state, plan) if plan[name] is None}
        full = {**plan, "settings": state.get("settings"), "tags": state.get("tags")}
        body = snakes(
            {n: v for n, v in full.items() if n != "zoneId" and (v is not None or n in removed)}
        )
        path = f"/zones/{plan['zoneId']}/dns_records/{old.id}"
        return _outputs(plan, result(call, self._web(), "PUT", path, body=body))

    def delete(self, call: Call, old: Stored) -> None:
        path = f"/zones/{old.outputs['zoneId']}/dns_records/{old.id}"
        result(call, self._web(), "DELETE", path)


def _computed(state: Values, plan: Values) -> list[str]:
    """The computed outputs that an update changes."""
    names = set(changed(FIELDS, state, plan)) - {"zoneId"}
    comment = ["commentModifiedOn"] if "comment" in names and plan["comment"] else []
    return [*comment, "modifiedOn"] if names else []


def _check_ttl(call: Call, plan: Values) -> None:
    if plan["proxied"] and plan["ttl"] != 1:
        summary = "ttl must be set to 1 when `proxied` is true"
        text = "When a DNS record is marked as `proxied` the TTL must be 1"
        raise failure(call, summary, f"{text} as Cloudflare will control the TTL internally.")


def _seconds(moment: str | None) -> str | None:
    """The API's time in whole seconds."""
    return re.sub(r"\.\d+", "", moment) if moment else None


def _outputs(plan: Values, record: Values) -> Values:
    """The planned values, and the computed ones from the API."""
    return present(
        {
            **plan,
            "content": plan["content"] or record.get("content"),
            "settings": camels(record.get("settings") or {}),
            "tags": record.get("tags") or [],
            "meta": "{}",
            "proxiable": record.get("proxiable"),
            "createdOn": _seconds(record.get("created_on")),
            "modifiedOn": _seconds(record.get("modified_on")),
            "commentModifiedOn": _seconds(record.get("comment_modified_on")),
        }
    ) | {"id": record["id"]}


def _imported(outputs: Values) -> Values:
    return {name: outputs[name] for name in FIELDS if outputs.get(name) not in (None, [], {})}
