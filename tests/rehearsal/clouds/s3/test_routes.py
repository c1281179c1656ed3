"""The S3 API of the stand-in, with keys of the account."""

import hashlib
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from rehearsal.clouds.linode.object_storage import endpoint
from rehearsal.clouds.s3.signature import Signed
from tests.rehearsal.clouds.client import CloudClients, cloud_clients

REGION, LABEL = "us-ord", "fks-backup"
DATE = "20261128T040000Z"
SCOPE = "20261128/us-east-1/s3/aws4_request"
NAMES = ("host", "x-amz-content-sha256", "x-amz-date")


@pytest.fixture
def here(tmp_path: Path) -> CloudClients:
    """An account with two buckets."""
    clients = cloud_clients(objects=tmp_path)
    for label in (LABEL, "another"):
        body = {"region": REGION, "label": label, "acl": "private"}
        assert clients.linode.post("/v4/object-storage/buckets", json=body).status_code == 200
    return clients


def key(here: CloudClients, permissions: str = "read_write") -> dict[str, Any]:
    access = {"region": REGION, "bucket_name": LABEL, "permissions": permissions}
    body = {"label": "fks-prod-backup", "bucket_access": [access]}
    made: dict[str, Any] = here.linode.post("/v4/object-storage/keys", json=body).json()
    return made


def send(
    here: CloudClients,
    found: dict[str, Any],
    method: str,
    path: str = "",
    query: str = "",
    *,
    body: bytes = b"",
    label: str = LABEL,
    **headers: str,
) -> httpx.Response:
    """One signed request."""
    place = f"/{label}{path}"
    sent = {
        "host": endpoint(REGION),
        "x-amz-date": DATE,
        "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
        **headers,
    }
    signed = Signed(method=method, path=place, query=query, headers=sent)
    signature = signed.signature(found["secret_key"], SCOPE, NAMES)
    sent["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={found['access_key']}/{SCOPE}, "
        f"SignedHeaders={';'.join(NAMES)}, Signature={signature}"
    )
    url = f"http://{endpoint(REGION)}{place}{f'?{query}' if query else ''}"
    return here.s3.request(method, url, content=body, headers=sent)


def test_an_object_is_written_read_and_deleted(here: CloudClients) -> None:
    found = key(here)
    assert send(here, found, "HEAD", "/fks/api/config").status_code == 404
    etag = send(here, found, "PUT", "/fks/api/config", body=b"0123456789").headers["etag"]
    read = send(here, found, "GET", "/fks/api/config")
    assert (read.status_code, read.content, read.headers["etag"]) == (200, b"0123456789", etag)
    part = send(here, found, "GET", "/fks/api/config", range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert send(here, found, "HEAD", "/fks/api/config").headers["content-length"] == "10"
    assert send(here, found, "DELETE", "/fks/api/config").status_code == 204
    assert send(here, found, "GET", "/fks/api/config").status_code == 404


def test_objects_are_listed_in_pages_and_by_folders(here: CloudClients) -> None:
    found = key(here)
    for number in range(1002):
        here.clouds.s3.objects.put((REGION, LABEL), f"fks/data/{number:04}", b"x")
    send(here, found, "PUT", "/fks/config", body=b"x")
    first = send(here, found, "GET", query="list-type=2&prefix=fks%2Fdata%2F").text
    assert first.count("<Key>") == 1000 and "<IsTruncated>true" in first
    token = re.search("<NextContinuationToken>(.*)</Next", first)
    assert token
    rest = f"continuation-token={token[1].replace('/', '%2F')}&list-type=2&prefix=fks%2Fdata%2F"
    second = send(here, found, "GET", query=rest).text
    assert re.findall("<Key>(.*?)</Key>", second) == ["fks/data/1000", "fks/data/1001"]
    folders = send(here, found, "GET", query="delimiter=%2F&list-type=2&prefix=fks%2F").text
    assert "<CommonPrefixes><Prefix>fks/data/</Prefix></CommonPrefixes>" in folders
    assert re.findall("<Key>(.*?)</Key>", folders) == ["fks/config"]


def test_a_limited_key_reaches_no_other_bucket(here: CloudClients) -> None:
    found = key(here)
    for label in ("another", "no-bucket"):
        answer = send(here, found, "GET", "/a", label=label)
        assert (answer.status_code, "<Code>AccessDenied</Code>" in answer.text) == (403, True)


def test_a_key_that_reads_does_not_write(here: CloudClients) -> None:
    reader = key(here, "read_only")
    assert send(here, reader, "GET", query="location=").status_code == 200
    for method in ("PUT", "DELETE"):
        assert send(here, reader, method, "/a").status_code == 403


def test_a_deleted_key_and_a_wrong_secret_are_refused(here: CloudClients) -> None:
    found = key(here)
    wrong = send(here, {**found, "secret_key": "wrong"}, "GET", "/a")
    assert (wrong.status_code, "SignatureDoesNotMatch" in wrong.text) == (403, True)
    assert here.linode.delete(f"/v4/object-storage/keys/{found['id']}").status_code == 200
    gone = send(here, found, "GET", "/a")
    assert (gone.status_code, "InvalidAccessKeyId" in gone.text) == (403, True)
    assert found["secret_key"] not in str(here.clouds.journal.unknown())


def test_a_bucket_with_objects_is_not_deleted(here: CloudClients) -> None:
    found, path = key(here), f"/v4/object-storage/buckets/{REGION}/{LABEL}"
    send(here, found, "PUT", "/a", body=b"x")
    assert here.linode.delete(path).status_code == 409
    send(here, found, "DELETE", "/a")
    assert here.linode.delete(path).status_code == 200
    missing = send(here, found, "GET", "/a")
    assert (missing.status_code, "NoSuchBucket" in missing.text) == (404, True)


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [("POST", "/a", "uploads="), ("PUT", "", ""), ("GET", "", "acl="), ("GET", "/a", "acl=")],
)
def test_what_restic_does_not_use_fails_the_run(
    here: CloudClients, method: str, path: str, query: str
) -> None:
    assert send(here, key(here), method, path, query).status_code == 501
    (entry,) = here.clouds.journal.unknown()
    assert (entry["cloud"], entry["method"]) == ("s3", method)


def test_the_control_api_lists_objects_and_a_reset_removes_them(here: CloudClients) -> None:
    send(here, key(here), "PUT", "/fks/a%20b", body=b"x")
    state = here.s3.get("/rehearsal/state").json()
    assert state == {f"{REGION}/{LABEL}": ["fks/a b"], f"{REGION}/another": []}
    here.clouds.reset()
    assert here.clouds.s3.objects.keys((REGION, LABEL)) == []
    assert here.linode.get("/v4/object-storage/keys").json()["data"] == []
