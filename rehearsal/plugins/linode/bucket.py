"""linode:index/objectStorageBucket:ObjectStorageBucket.

Not recorded: read in the source of the provider (linode/objbucket) and in its Python SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from rehearsal.plugins.base import Call, Diff, ProviderError, Resource, Stored, require_modelled
from rehearsal.plugins.bridge.fields import Field, detailed_diff, own, planned
from rehearsal.plugins.bridge.framework import require, unknowns
from rehearsal.plugins.bridge.names import camels
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.values import Values

FIELDS: Final[Mapping[str, Field]] = {
    "label": Field(replaces=True),
    "region": Field(replaces=True),
    "acl": Field(default="private"),
}
COMPUTED: Final = ("corsEnabled", "endpoint", "endpointType", "hostname", "s3Endpoint")
# Outputs of inputs that are not modelled.
NEVER_SET: Final = ("accessKey", "cert", "secretKey", "versioning")


class Bucket(Resource):
    """A bucket; its id is REGION:LABEL."""

    def __init__(self, api: Callable[[], Linode]) -> None:
        self._api = api

    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, FIELDS)
        require(call, news, ("label", "region"))
        if news.get("acl") is None:
            return {**news, "acl": "private", "__defaults": ["acl"]}
        return {**news, "__defaults": []}

    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        del call
        return detailed_diff(FIELDS, old.outputs, planned(FIELDS, old.outputs, own(news)))

    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        values = planned(FIELDS, {}, own(inputs))
        if call.preview:
            return "", unknowns(values, COMPUTED)
        try:
            made = self._api().post("/object-storage/buckets", values)
            self._set_access(made, values)
            return f"{made['region']}:{made['label']}", self._outputs(made)
        except LinodeError as error:
            raise _failure(f"failed to create a Linode ObjectStorageBucket: {error}") from error

    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        del call
        region, _, label = old.id.partition(":")
        try:
            found = self._outputs({"region": region, "label": label})
        except LinodeError as error:
            if error.code == 404:
                return None
            text = f"failed to find the specified Linode ObjectStorageBucket: {error}"
            raise _failure(text) from error
        names = old.inputs or FIELDS
        return found, {name: found.get(name, old.inputs.get(name)) for name in names}

    def update(self, call: Call, old: Stored, news: Values) -> Values:
        values = planned(FIELDS, old.outputs, own(news))
        after = {**old.outputs, **values}
        if call.preview:
            return after
        try:
            self._set_access(after, values)
            return self._outputs(after)
        except LinodeError as error:
            raise _failure(f"failed to update bucket access: {error}") from error

    def delete(self, call: Call, old: Stored) -> None:
        """The provider's setting objBucketForceDelete, which empties it first, is not modelled."""
        del call
        try:
            self._api().call("DELETE", _path(old.outputs))
        except LinodeError as error:
            text = f"Error deleting Linode ObjectStorageBucket {old.id}: {error}"
            raise _failure(text) from error

    def _set_access(self, bucket: Mapping[str, Any], values: Values) -> None:
        self._api().post(f"{_path(bucket)}/access", {"acl": values["acl"]})

    def _outputs(self, bucket: Mapping[str, Any]) -> Values:
        api, path = self._api(), _path(bucket)
        found, access = api.get(path), api.get(f"{path}/access")
        shown = {name: found[name] for name in ("region", "label", "hostname", "endpoint_type")}
        host = found["s3_endpoint"]
        return {
            **dict.fromkeys(NEVER_SET),
            **camels({**shown, **access, "endpoint": host, "s3_endpoint": host}),
            "lifecycleRules": [],
        }


def _path(bucket: Mapping[str, Any]) -> str:
    return f"/object-storage/buckets/{bucket['region']}/{bucket['label']}"


def _failure(text: str) -> ProviderError:
    """An error in the format of the older plugin SDK: a list of one."""
    return ProviderError(f"1 error occurred:\n\t* {text}\n\n")
