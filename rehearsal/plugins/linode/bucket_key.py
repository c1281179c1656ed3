"""linode:index/objectStorageKey:ObjectStorageKey.

Not recorded: read in the source of the provider (linode/objkey) and in its Python SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from rehearsal.plugins.base import Call, Diff, Resource, Stored, require_modelled
from rehearsal.plugins.bridge.fields import Field, diff, own, planned
from rehearsal.plugins.bridge.framework import failure, refreshed_inputs, require, unknowns, warn
from rehearsal.plugins.bridge.names import camels, snakes
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.values import Values, plain, secret

FIELDS: Final[Mapping[str, Field]] = {
    "label": Field(),
    "bucketAccesses": Field(replaces=True),
}
COMPUTED: Final = ("accessKey", "limited", "regions", "regionsDetails", "secretKey")
PATH: Final = "/object-storage/keys"


class BucketKey(Resource):
    """A limited key. Its secret is only in the answer to its creation."""

    def __init__(self, api: Callable[[], Linode]) -> None:
        self._api = api

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        require(call, news, ("label", "bucketAccesses"))
        return news

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        return diff(FIELDS, old.outputs, planned(FIELDS, old.outputs, own(news)), [])

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        values = planned(FIELDS, {}, own(inputs))
        if call.preview:
            return "", unknowns(values, COMPUTED)
        body = {"label": values["label"], "bucket_access": snakes(plain(values["bucketAccesses"]))}
        try:
            key = self._api().post(PATH, body)
        except LinodeError as error:
            raise failure(call, "Failed to create Object Storage Key", str(error)) from error
        return str(key["id"]), _outputs(key, secret(key["secret_key"]))

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        try:
            key = self._api().get(f"{PATH}/{old.id}")
        except LinodeError as error:
            if error.code != 404:
                text = "Unable to refresh the Object Storage Key"
                raise failure(call, text, str(error)) from error
            gone = f"Removing Object Storage Key with ID {old.id} from state because it no longer"
            warn(call, "Object Storage Key", f"{gone} exists")
            return None
        found = _outputs(key, old.outputs.get("secretKey"))
        return found, refreshed_inputs(old.inputs, found) if old.inputs else _imported(found)

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        after = {**old.outputs, **planned(FIELDS, old.outputs, own(news))}
        if call.preview:
            return after
        try:
            self._api().put(f"{PATH}/{old.id}", {"label": after["label"]})
        except LinodeError as error:
            text = f"Failed to update Object Storage Key ({old.id})"
            raise failure(call, text, str(error)) from error
        return after

    def delete(self, call: Call, old: Stored) -> None:
        """One that does not exist any more is fine. The provider then waits three seconds."""
        try:
            self._api().call("DELETE", f"{PATH}/{old.id}")
        except LinodeError as error:
            if error.code != 404:
                text = f"Failed to delete the Object Storage Key ({old.id})"
                raise failure(call, text, str(error)) from error


def _outputs(key: Any, secret_key: Any) -> Values:
    return {
        "id": str(key["id"]),
        "label": key["label"],
        "accessKey": key["access_key"],
        "secretKey": secret_key,
        "limited": key["limited"],
        "bucketAccesses": [camels(access) for access in key["bucket_access"]],
        "regions": sorted(region["id"] for region in key["regions"]),
        "regionsDetails": [camels(region) for region in key["regions"]],
    }


def _imported(found: Values) -> Values:
    return {name: found[name] for name in FIELDS}
