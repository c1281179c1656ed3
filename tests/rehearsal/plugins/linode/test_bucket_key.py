"""A key of Object Storage: what is planned, and the calls of the API."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from rehearsal.plugins.base import Call, CheckError, ProviderError, Stored
from rehearsal.plugins.linode.api import LinodeError
from rehearsal.plugins.linode.bucket_key import BucketKey
from rehearsal.plugins.values import UNKNOWN, Secret

CALL = Call(log=lambda *_: None, cancelled=threading.Event(), name="backup-key", type="key")
ACCESS = {"bucketName": "fks-backup", "region": "us-ord", "permissions": "read_write"}
INPUTS = {"label": "fks-prod-backup", "bucketAccesses": [ACCESS]}
ROW = {
    "id": 7,
    "label": "fks-prod-backup",
    "access_key": "KEYID",
    "secret_key": "[REDACTED]",
    "limited": True,
    "bucket_access": [
        {"bucket_name": "fks-backup", "region": "us-ord", "permissions": "read_write"}
    ],
    "regions": [{"id": "us-ord", "s3_endpoint": "us-ord-1.example", "endpoint_type": "E1"}],
}


class OneKey:
    """The API of an account with the key 7, and the calls so far."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.calls = status, list[tuple[Any, ...]]()

    def call(self, *call: Any) -> Any:
        self.calls.append(call)
        if self.status != 200:
            raise LinodeError(self.status, "Not found")
        return ROW

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> Any:
        return {**self.call("POST", path, body), "secret_key": "canary"}

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, body)


def key(api: Any) -> BucketKey:
    return BucketKey(lambda: api)


def stored() -> Stored:
    return Stored("7", key(OneKey()).create(CALL, INPUTS)[1], INPUTS)


def test_the_answer_to_the_creation_has_the_secret() -> None:
    api = OneKey()
    number, outputs = key(api).create(CALL, INPUTS)
    body = {"label": "fks-prod-backup", "bucket_access": ROW["bucket_access"]}
    assert api.calls == [("POST", "/object-storage/keys", body)]
    assert (number, outputs["accessKey"], outputs["secretKey"]) == ("7", "KEYID", Secret("canary"))
    assert outputs["bucketAccesses"] == [ACCESS]


def test_a_preview_knows_only_the_inputs() -> None:
    call = Call(log=CALL.log, cancelled=CALL.cancelled, name="backup-key", preview=True)
    _, outputs = key(None).create(call, INPUTS)
    assert outputs["label"] == "fks-prod-backup" and outputs["secretKey"] is UNKNOWN


def test_a_refresh_keeps_the_secret() -> None:
    found = key(OneKey()).read(CALL, stored())
    assert found is not None
    assert found == (stored().outputs, INPUTS)
    assert key(OneKey(404)).read(CALL, stored()) is None
    with pytest.raises(ProviderError, match="Unable to refresh the Object Storage Key"):
        key(OneKey(500)).read(CALL, stored())


def test_a_label_changes_in_place_and_a_bucket_replaces() -> None:
    api, news = OneKey(), {**INPUTS, "label": "other"}
    found = key(api).diff(CALL, stored(), news)
    assert (found.diffs, found.replaces) == (["label"], [])
    assert key(api).update(CALL, stored(), news)["label"] == "other"
    assert api.calls == [("PUT", "/object-storage/keys/7", {"label": "other"})]
    elsewhere = {**INPUTS, "bucketAccesses": [{**ACCESS, "bucketName": "another"}]}
    assert key(api).diff(CALL, stored(), elsewhere).replaces == ["bucketAccesses"]
    assert not key(api).diff(CALL, stored(), INPUTS).any_changes


def test_a_key_that_is_gone_can_be_deleted() -> None:
    key(OneKey(404)).delete(CALL, stored())
    with pytest.raises(ProviderError, match=r"Failed to delete the Object Storage Key \(7\)"):
        key(OneKey(500)).delete(CALL, stored())


@pytest.mark.parametrize("changes", [{"regions": ["us-ord"]}, {"bucketAccesses": None}])
def test_an_unlimited_key_is_not_modelled(changes: dict[str, Any]) -> None:
    with pytest.raises(CheckError):
        key(None).check(CALL, {**INPUTS, **changes})
