"""Signatures of requests to S3."""

import pytest

from rehearsal.clouds.s3.signature import Signed, access_key, is_right

# The example "GET Object" of Amazon's documentation, with its key.
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
RIGHT = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
    f"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature={RIGHT}"
)
HEADERS = {
    "host": "examplebucket.s3.amazonaws.com",
    "range": "bytes=0-9",
    "x-amz-content-sha256": EMPTY,
    "x-amz-date": "20130524T000000Z",
    "authorization": AUTHORIZATION,
}


def request(path: str = "/test.txt", query: str = "", **headers: str) -> Signed:
    return Signed(method="GET", path=path, query=query, headers={**HEADERS, **headers})


def test_amazons_example_is_right() -> None:
    assert is_right(SECRET, request(), b"")
    assert access_key(AUTHORIZATION) == "AKIAIOSFODNN7EXAMPLE"


@pytest.mark.parametrize(
    ("secret", "changed", "body"),
    [
        ("another", request(), b""),
        (SECRET, request("/other.txt"), b""),
        (SECRET, request(query="acl"), b""),
        (SECRET, request(range="bytes=0-10"), b""),
        (SECRET, request(), b"another body"),
        (SECRET, request(authorization=""), b""),
    ],
)
def test_a_change_makes_it_wrong(secret: str, changed: Signed, body: bytes) -> None:
    assert not is_right(secret, changed, body)


def test_a_request_without_a_signature_names_no_key() -> None:
    assert access_key("Bearer x") == ""
