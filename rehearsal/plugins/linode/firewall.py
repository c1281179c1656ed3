"""linode:index/firewall:Firewall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

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
from rehearsal.plugins.bridge.names import present
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.linode.firewall_rules import (
    check_rules,
    rule_properties,
    rules_body,
    rules_planned,
)
from rehearsal.plugins.values import UNKNOWN, Unknown, Values

FIELDS: Final[Mapping[str, Field]] = {
    "label": Field(),
    "tags": Field(default=()),
    "disabled": Field(default=False),
    "inbounds": Field(default=(), stored=rules_planned),
    "inboundPolicy": Field(),
    "outbounds": Field(default=(), stored=rules_planned),
    "outboundPolicy": Field(),
}
DEVICES: Final = {
    "linodes": "linode",
    "nodebalancers": "nodebalancer",
    "interfaces": "linode_interface",
}
COMPUTED: Final = ("created", "devices", "status", "updated", *DEVICES)
RULES: Final = frozenset({"inbounds", "inboundPolicy", "outbounds", "outboundPolicy"})


class Firewall(Resource):
    """A firewall; everything changes in place. Its devices in state are those of the last read."""

    def __init__(self, api: Callable[[], Linode]) -> None:
        self._api = api

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        if news.get("disabled"):
            raise CheckError(("disabled", not_modelled("a disabled firewall")))
        require(call, news, ("label", "inboundPolicy", "outboundPolicy"))
        check_rules(call, news)
        return news

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        return diff(FIELDS, old.outputs, _plan(old.outputs, news), ["updated"])

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        values = _plan({}, inputs)
        if call.preview:
            return "", unknowns(present(values), COMPUTED)
        api = self._api()
        body = {"rules": rules_body(values), "devices": {}}
        body |= {"label": values["label"], "tags": values["tags"]}
        try:
            firewall = api.post("/networking/firewalls", body)
            path = f"/networking/firewalls/{firewall['id']}"
            found = api.pages(f"{path}/devices")
            api.get(f"{path}/rules")
        except LinodeError as error:
            raise failure(call, "Failed to Create Firewall", str(error)) from error
        return str(firewall["id"]), _outputs({**values, **_attached(found)}, firewall)

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        api, path = self._api(), f"/networking/firewalls/{old.id}"
        try:
            firewall = api.get(path)
            rules, devices = api.get(f"{path}/rules"), api.pages(f"{path}/devices")
        except LinodeError as error:
            if error.code != 404:
                raise failure(call, f"Failed to Get Firewall {old.id}", str(error)) from error
            gone = "Removing the Linode Firewall from state because it no longer exists"
            warn(call, f"Removing Firewall {old.id} from State", gone)
            return None
        found = {
            "label": firewall["label"],
            "tags": sorted(firewall["tags"]),
            "disabled": firewall["status"] == "disabled",
            "inboundPolicy": rules["inbound_policy"],
            "outboundPolicy": rules["outbound_policy"],
            "inbounds": [rule_properties(rule) for rule in rules["inbound"]],
            "outbounds": [rule_properties(rule) for rule in rules["outbound"]],
            **_attached(devices),
        }
        outputs = _outputs(found, firewall)
        return outputs, _as_declared(old.inputs, outputs) if old.inputs else _imported(outputs)

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        state = old.outputs
        values = _plan(state, news)
        if call.preview:
            return {**state, **values, "updated": UNKNOWN}
        names, path = set(changed(FIELDS, state, values)), f"/networking/firewalls/{old.id}"
        try:
            updated = self._update(path, names, values)
        except LinodeError as error:
            raise failure(call, f"Failed to Update Firewall {old.id}", str(error)) from error
        return {**state, **values, "updated": updated or state["updated"]}

    def _update(self, path: str, names: set[str], values: Values) -> str | None:
        api = self._api()
        updated: str | None = None
        own: Values = {name: values[name] for name in ("label", "tags") if name in names}
        if "disabled" in names:
            own["status"] = "enabled"
        if own:
            updated = _zulu(api.put(path, own)["updated"])
        if names & RULES:
            api.put(f"{path}/rules", rules_body(values))
        return updated

    def delete(self, call: Call, old: Stored) -> None:
        try:
            self._api().call("DELETE", f"/networking/firewalls/{old.id}")
        except LinodeError as error:
            raise failure(call, f"Failed to Delete Firewall {old.id}", str(error)) from error


def _plan(state: Values, inputs: Values) -> Values:
    values = planned(FIELDS, state, inputs)
    for name in ("tags", "inbounds", "outbounds"):
        if not isinstance(values[name], Unknown):
            values[name] = list(values[name])
    return values


def _attached(devices: list[Any]) -> Values:
    entities = [(device["entity"]["type"], device["entity"]["id"]) for device in devices]
    shown = [
        {"id": device["id"], "entityId": entity["id"]}
        | {name: entity[name] for name in ("label", "type", "url")}
        for device in devices
        for entity in [device["entity"]]
    ]
    ids = {n: sorted(id for kind, id in entities if kind == k) for n, k in DEVICES.items()}
    return {**ids, "devices": shown}


def _outputs(values: Values, firewall: Any) -> Values:
    return {
        **values,
        "id": str(firewall["id"]),
        "created": _zulu(firewall["created"]),
        "updated": _zulu(firewall["updated"]),
        "status": firewall["status"],
    }


def _zulu(moment: str) -> str:
    return moment if moment.endswith("Z") else f"{moment}Z"


def _as_declared(inputs: Values, outputs: Values) -> Values:
    """The inputs that match the values read, without empty descriptions of rules."""
    fresh = refreshed_inputs(inputs, outputs)
    for name in {"inbounds", "outbounds"} & inputs.keys():
        fresh[name] = [{n: v for n, v in rule.items() if v != ""} for rule in fresh[name]]
    return fresh


def _imported(outputs: Values) -> Values:
    return {name: outputs[name] for name in FIELDS if outputs[name] not in (None, [], False)}
