"""Buckets of Object Storage and the keys for them."""

from pathlib import Path
from typing import Any

import pytest

from rehearsal.clouds.app import CloudOptions, Clouds
from tests.rehearsal.clouds.client import CloudClients, cloud_clients

BUCKETS, KEYS = "/v4/object-storage/buckets", "/v4/object-storage/keys"
BUCKET = {"region": "us-ord", "label": "fks-backup", "acl": "private"}
ACCESS = {"region": "us-ord", "bucket_name": "fks-backup", "permissions": "read_write"}
KEY = {"label": "fks-prod-backup", "bucket_access": [ACCESS]}


@pytest.fixture
def here() -> CloudClients:
    clients = cloud_clients()
    assert clients.linode.post(BUCKETS, json=BUCKET).status_code == 200
    return clients


def test_a_bucket_has_the_endpoint_of_its_region(here: CloudClients) -> None:
    found = here.linode.get(f"{BUCKETS}/us-ord/fks-backup").json()
    assert found["s3_endpoint"] == "us-ord-1.linodeobjects.com"
    assert found["hostname"] == "fks-backup.us-ord-1.linodeobjects.com"
    access = here.linode.get(f"{BUCKETS}/us-ord/fks-backup/access").json()
    assert access == {"acl": "private", "cors_enabled": False}


def test_the_account_gets_its_own_bucket_a_second_time(here: CloudClients) -> None:
    first = here.linode.get(f"{BUCKETS}/us-ord/fks-backup").json()
    assert here.linode.post(BUCKETS, json=BUCKET).json() == first


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"region": "nowhere"}, 400, "region is not valid"),
        ({"label": "ab"}, 400, "3-63 characters"),
        ({"acl": "public-read"}, 501, "a bucket that is not private"),
        ({"cors_enabled": True}, 501, "cors_enabled"),
    ],
)
def test_other_buckets_are_refused(changes: dict[str, Any], status: int, reason: str) -> None:
    answer = cloud_clients().linode.post(BUCKETS, json={**BUCKET, **changes})
    assert (answer.status_code, reason in answer.text) == (status, True)


def test_only_the_creation_of_a_key_shows_its_secret(here: CloudClients) -> None:
    made = here.linode.post(KEYS, json=KEY).json()
    assert len(made["secret_key"]) == 40 and made["limited"]
    read = here.linode.get(f"{KEYS}/{made['id']}").json()
    assert read == {**made, "secret_key": "[REDACTED]"}
    assert made["secret_key"] not in here.linode.get("/rehearsal/state").text
    renamed = here.linode.put(f"{KEYS}/{made['id']}", json={"label": "other"}).json()
    assert (renamed["label"], renamed["access_key"]) == ("other", made["access_key"])


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"bucket_access": None}, 501, "not limited to buckets"),
        ({"bucket_access": [{**ACCESS, "bucket_name": "none"}]}, 400, "bucket does not exist"),
        ({"bucket_access": [{**ACCESS, "permissions": "all"}]}, 400, "read_write, read_only"),
        ({"label": ""}, 400, "1-50 characters"),
        ({"regions": ["us-ord"]}, 501, "regions"),
    ],
)
def test_other_keys_are_refused(
    here: CloudClients, changes: dict[str, Any], status: int, reason: str
) -> None:
    answer = here.linode.post(KEYS, json={**KEY, **changes})
    assert (answer.status_code, reason in answer.text) == (status, True)


def test_what_does_not_exist_is_not_found(here: CloudClients) -> None:
    for path in (f"{BUCKETS}/us-ord/none", f"{BUCKETS}/us-east/fks-backup", f"{KEYS}/7"):
        assert here.linode.get(path).status_code == 404
        assert here.linode.delete(path).status_code == 404


def test_buckets_and_keys_survive_a_restart(tmp_path: Path) -> None:
    options: dict[str, Any] = {"state": tmp_path / "state.json", "objects": tmp_path / "objects"}
    before = cloud_clients(**options)
    before.linode.post(BUCKETS, json=BUCKET)
    secret = before.linode.post(KEYS, json=KEY).json()["secret_key"]
    after = Clouds(CloudOptions(**options)).linode.storage
    assert [key.secret_key for key in after.keys.values()] == [secret]
    assert list(after.buckets) == [("us-ord", "fks-backup")]
