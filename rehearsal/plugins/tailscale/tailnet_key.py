"""tailscale:index/tailnetKey:TailnetKey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from rehearsal.plugins.base import Call, Diff, Resource, Stored, require_modelled
from rehearsal.plugins.bridge.fields import Field, diff, planned
from rehearsal.plugins.bridge.framework import (
    check_choice,
    check_length,
    failure,
    refreshed_inputs,
    unknowns,
)
from rehearsal.plugins.bridge.names import present
from rehearsal.plugins.tailscale.api import Tailnet, reason
from rehearsal.plugins.values import Secret, Unknown, Values, plain

# A key cannot be changed: every change but that of recreateIfInvalid replaces it.
FIELDS: Final[Mapping[str, Field]] = {
    "reusable": Field(replaces=True, default=False),
    "ephemeral": Field(replaces=True, default=False),
    "preauthorized": Field(replaces=True, default=False),
    "tags": Field(replaces=True, default=()),
    "expiry": Field(replaces=True, kept=True),
    "description": Field(replaces=True, default=""),
    "recreateIfInvalid": Field(),
}
COMPUTED: Final = ("key", "createdAt", "expiresAt", "invalid", "expiry", "userId")
DESCRIPTION: Final = (0, 50)
RECREATE: Final = ("", "always", "never")


class TailnetKey(Resource):
    """A key with which machines join. Only the answer to its creation has its secret."""

    def __init__(self, tailnet: Callable[[], Tailnet]) -> None:
        self._tailnet = tailnet

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        check_length(call, "description", "description", news.get("description"), *DESCRIPTION)
        rule = news.get("recreateIfInvalid")
        check_choice(call, "recreateIfInvalid", "recreate_if_invalid", rule, RECREATE)
        return news

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        found = diff(FIELDS, old.outputs, _plan(old.outputs, news), [])
        if _must_be_replaced(old.outputs, news):
            return replace(found, diffs=[*found.diffs, "id"], replaces=[*found.replaces, "id"])
        return found

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        plan = _plan({}, inputs)
        if call.preview:
            return "", unknowns(present(plan), COMPUTED)
        answer = self._tailnet().call("POST", "/keys", body=_body(plan))
        if not answer.ok:
            raise failure(
                call, "Failed to create key", f"Error creating tailnet key: {reason(answer)}"
            )
        return answer.json["id"], _outputs(plan, answer.json, answer.json["key"])

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        known = plain(old.outputs)
        key = self._get(call, old.id)
        if key is None:
            return {**known, "key": Secret(known.get("key")), "invalid": True}, old.inputs
        create = key["capabilities"]["devices"]["create"]
        found = {
            **_plan(known, old.inputs),
            **{name: create.get(name) for name in ("reusable", "ephemeral", "preauthorized")},
            "tags": create.get("tags") or [],
        }
        outputs = _outputs(found, key, known.get("key"))
        return outputs, refreshed_inputs(old.inputs, outputs)

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        known = plain(old.outputs)
        plan = _plan(known, news)
        outputs = {**known, **dict.fromkeys(FIELDS), **plan, "key": Secret(known.get("key"))}
        if not call.preview:
            key = self._get(call, old.id)
            outputs["invalid"] = key is None or key["invalid"]
        return present(outputs)

    def delete(self, call: Call, old: Stored) -> None:
        answer = self._tailnet().call("DELETE", f"/keys/{old.id}")
        # A used single-use key disappears.
        if not answer.ok and answer.status != 404:
            text = f'Error deleting tailnet key with id "{old.id}": {reason(answer)}'
            raise failure(call, "Failed to delete key", text)

    def _get(self, call: Call, id: str) -> Any:
        answer = self._tailnet().call("GET", f"/keys/{id}")
        if answer.status == 404:
            return None
        if not answer.ok:
            text = f'Error reading tailnet key with id "{id}": {reason(answer)}'
            raise failure(call, "Failed to fetch key", text)
        return answer.json


def _plan(state: Values, inputs: Values) -> Values:
    plan = planned(FIELDS, state, inputs)
    plan["tags"] = plan["tags"] if isinstance(plan["tags"], Unknown) else sorted(plan["tags"])
    return plan


def _must_be_replaced(state: Values, news: Values) -> bool:
    """Whether to replace an invalid key: by default only a reusable one."""
    rule = news.get("recreateIfInvalid")
    applies = rule == "always" or (rule != "never" and bool(news.get("reusable")))
    return bool(state.get("invalid")) and applies


def _body(plan: Values) -> Values:
    names = ("reusable", "ephemeral", "preauthorized", "tags")
    return {
        "capabilities": {"devices": {"create": {name: plan[name] for name in names}}},
        "expirySeconds": plan["expiry"] or 0,
        "description": plan["description"],
    }


def _outputs(plan: Values, key: Values, secret: str | None) -> Values:
    same = {name: key[name] for name in ("id", "description", "invalid", "userId")}
    times = {"createdAt": key["created"], "expiresAt": key["expires"]}
    own = {"key": Secret(secret or ""), "expiry": key["expirySeconds"]}
    return present({**plan, **same, **times, **own})
