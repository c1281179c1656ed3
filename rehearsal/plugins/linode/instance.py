"""linode:index/instance:Instance."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from rehearsal.plugins.base import (
    Call,
    Diff,
    InitError,
    Kind,
    ProviderError,
    Resource,
    Stored,
    require_modelled,
)
from rehearsal.plugins.bridge.fields import changed, detailed_diff, own
from rehearsal.plugins.bridge.framework import require, unknowns
from rehearsal.plugins.bridge.names import snake
from rehearsal.plugins.linode.api import Events, Linode, LinodeError
from rehearsal.plugins.linode.instance_fields import (
    COMPUTED_BLOCKS,
    FIELDS,
    check_label,
    check_update,
    check_values,
    plan,
    with_defaults,
)
from rehearsal.plugins.linode.instance_state import COMPUTED, marked, outputs, unfinished
from rehearsal.plugins.linode.instance_steps import StepError, Update, value_to_send
from rehearsal.plugins.values import Values, plain

# In the client library's order; empty ones are not sent.
SENT_AT_CREATION: Final = (
    *("region", "type", "label", "authorizedKeys", "image", "privateIp", "tags", "firewallId"),
    "interfaceGeneration",
)
CREATE_SECONDS: Final = 900.0
UPDATE_SECONDS: Final = 3600.0
DELETE_SECONDS: Final = 600.0


class Instance(Resource):
    """A server. An update in place keeps its addresses known; a new disk means a replacement."""

    def __init__(self, api: Callable[[], Linode]) -> None:
        self._api = api

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        require(call, news, ("region",))
        check_label(call, news.get("label"))
        check_values(news)
        return with_defaults(news)

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        state = old.outputs
        found = detailed_diff(FIELDS, state, plan(state, news))
        check_update([] if found.replaces else list(found.diffs))
        missing = {name: Kind.ADD for name in COMPUTED_BLOCKS if state.get(name) is None}
        return replace(
            found,
            diffs=sorted([*found.diffs, *missing]),
            detailed={**(found.detailed or {}), **missing},
        )

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        values = plan({}, inputs)
        if call.preview:
            kept = [name for name, field in FIELDS.items() if field.kept]
            return "", unknowns(values, [*kept, *COMPUTED])
        deadline = _deadline(call, CREATE_SECONDS)
        api = self._api()
        try:
            instance = api.post("/linode/instances", _creation(values, own(inputs)))
        except LinodeError as error:
            text = f"Error creating a Linode Instance: {error}"
            raise ProviderError(_listed(text)) from error
        id = str(instance["id"])
        try:
            self._set_alerts(id, values["alerts"])
            self._wait_until_running(id, deadline)
            return id, self._outputs(id, values)
        except (LinodeError, StepError) as error:
            reason = f"creating {call.urn}: {_listed(error)}"
            raise InitError(id, unfinished(values, instance), inputs, [reason]) from error

    def _set_alerts(self, id: str, alerts: Values | None) -> None:
        """A creation has no alerts, so the provider updates the new instance."""
        if alerts:
            body = {"alerts": value_to_send("alerts", alerts)}
            self._api().put(f"/linode/instances/{id}", body)

    def _wait_until_running(self, id: str, deadline: float) -> None:
        api, path = self._api(), f"/linode/instances/{id}"
        try:
            api.wait_for_status(path, "running", deadline)
        except LinodeError as error:
            text = f"timed-out waiting for Linode instance {id} to reach status running: {error}"
            raise StepError(text) from error

    def _outputs(self, id: str, values: Values) -> Values:
        api, path = self._api(), f"/linode/instances/{id}"
        instance, ips = api.get(path), api.get(f"{path}/ips")
        disks, configs = api.pages(f"{path}/disks"), api.pages(f"{path}/configs")
        return outputs(values, instance, ips, disks, configs)

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        del call
        known = plain(old.outputs)
        try:
            found = self._outputs(old.id, {name: known.get(name) for name in FIELDS})
        except LinodeError as error:
            if error.code == 404:
                return None
            text = f"Error finding the specified Linode instance: {error}"
            raise ProviderError(_listed(text)) from error
        return found, _refreshed(old.inputs, found) if old.inputs else _imported(found)

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        known = plain(old.outputs)
        values = plan(known, news)
        names = set(changed(FIELDS, known, values))
        after = marked({**known, **{name: values[name] for name in names}})
        if call.preview:
            return after
        step = Update(
            api=self._api(),
            id=int(old.id),
            state=known,
            plan=values,
            changed=names,
            deadline=_deadline(call, UPDATE_SECONDS),
        )
        try:
            step.run()
            found = self._outputs(old.id, values)
        except (LinodeError, StepError) as error:
            reason = f"updating {call.urn}: {_listed(error)}"
            raise InitError(old.id, after, old.inputs, [reason]) from error
        # The older plugin SDK stores the planned tags, not those of the API's answer.
        return found if values["tags"] is None else {**found, "tags": values["tags"]}

    def delete(self, call: Call, old: Stored) -> None:
        api = self._api()
        deadline = _deadline(call, DELETE_SECONDS)
        try:
            events = Events(api, int(old.id), "linode_delete")
            api.call("DELETE", f"/linode/instances/{old.id}")
        except LinodeError as error:
            text = f"Error deleting Linode instance {old.id}: {error}"
            raise ProviderError(f"deleting {call.urn}: {_listed(text)}") from error
        try:
            events.wait(deadline)
        except LinodeError as error:
            text = f"failed to wait for instance {old.id} to be deleted: {error}"
            raise ProviderError(f"deleting {call.urn}: {_listed(text)}") from error


def _deadline(call: Call, seconds: float) -> float:
    return time.monotonic() + (call.timeout or seconds)


def _listed(error: object) -> str:
    """An error in the format of the older plugin SDK: a list of one."""
    return f"1 error occurred:\n\t* {error}\n\n"


def _creation(values: Values, given: Values) -> Values:
    body = {
        snake(name): value_to_send(name, values[name]) for name in SENT_AT_CREATION if values[name]
    }
    random_password = base64.b64encode(secrets.token_bytes(50)).decode()
    body["root_pass"] = given.get("rootPass") or random_password
    if blocks := given.get("metadatas"):
        body["metadata"] = {"user_data": blocks[0].get("userData") or ""}
    return body


def _refreshed(inputs: Values, found: Values) -> Values:
    """The inputs that match the values read; blocks keep only the declared fields."""
    fresh = {name: plain(found.get(name, value)) for name, value in inputs.items()}
    if "metadatas" in inputs:
        pairs = zip(plain(inputs["metadatas"]), fresh["metadatas"], strict=False)
        fresh["metadatas"] = [{name: new.get(name) for name in own(old)} for old, new in pairs]
    return fresh


def _imported(found: Values) -> Values:
    """The inputs of an imported instance."""
    names = ("image", "label", "privateIp", "region", "tags", "type", "watchdogEnabled")
    return {name: found[name] for name in names if found[name] not in (None, [], "")}
