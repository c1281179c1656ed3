"""How Cloudflare reads the request for a record."""

from typing import Any

import pytest

from rehearsal.clouds.cloudflare.records import read
from rehearsal.clouds.errors import CloudError

Json = dict[str, Any]
ZONE = "fkstrading.xyz"


def address(**fields: Any) -> Json:
    """A request for an A record."""
    return {"type": "A", "name": "auth", "content": "100.64.0.16", "ttl": 1, **fields}


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("auth", "auth.fkstrading.xyz"),
        ("AUTH.fkstrading.xyz", "auth.fkstrading.xyz"),
        ("auth.fkstrading.xyz.", "auth.fkstrading.xyz"),
        ("@", ZONE),
        (ZONE, ZONE),
    ],
)
def test_names_are_stored_complete_and_in_lower_case(name: str, stored: str) -> None:
    assert read(address(name=name), ZONE)["name"] == stored


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"content": "not-an-address"}, 9005),
        ({"content": "fd00::1"}, 9005),
        ({"type": "AAAA"}, 9006),
        ({"name": "bad name"}, 9000),
        ({"name": ""}, 9000),
        ({"ttl": 59}, 9021),
        ({"ttl": 86401}, 9021),
        ({"proxied": True, "content": "10.0.0.1"}, 9003),
        ({"name": "a" * 64}, 9000),
        ({"name": "-a"}, 9000),
        ({"name": f"{'a.' * 119}b"}, 9000),
        ({"type": "TXT", "proxied": True}, 9004),
        ({"content": ""}, 9002),
        ({"type": "CAA", "data": {"tag": "other", "value": "x"}}, 9108),
        ({"content": '0 issue "y"', "type": "CAA", "data": {"tag": "issue", "value": "x"}}, 9207),
    ],
)
def test_a_wrong_record_is_rejected_with_cloudflares_code(fields: Json, code: int) -> None:
    with pytest.raises(CloudError) as caught:
        read(address(**fields), ZONE)
    assert (caught.value.status, caught.value.body["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize(
    "fields",
    [
        {"ttl": 60},
        {"ttl": 86400},
        {"proxied": True, "content": "198.51.100.7"},
        {"content": "10.0.0.1"},
        {"name": "a" * 63},
        {"name": f"{'a.' * 118}b"},
        {"name": "_acme-challenge.auth", "type": "TXT", "content": "text"},
    ],
)
def test_a_record_at_a_limit_is_accepted(fields: Json) -> None:
    assert read(address(**fields), ZONE)["type"] == fields.get("type", "A")


@pytest.mark.parametrize(
    ("fields", "name"), [({"type": "MX"}, "MX records"), ({"priority": 10}, "priority")]
)
def test_other_types_and_fields_are_not_modelled(fields: Json, name: str) -> None:
    with pytest.raises(CloudError, match=f"501.*not modelled: {name}"):
        read(address(**fields), ZONE)


def test_a_proxied_record_has_an_automatic_ttl() -> None:
    record = read(address(proxied=True, ttl=300), ZONE)
    assert (record["proxied"], record["ttl"]) == (True, 1)


def test_a_caa_record_is_read_from_its_data() -> None:
    data = {"flags": 0, "tag": "issue", "value": "letsencrypt.org;validationmethods=dns-01"}
    record = read({"type": "CAA", "name": "@", "data": data, "ttl": 1}, ZONE)
    text = '0 issue "letsencrypt.org;validationmethods=dns-01"'
    assert (record["content"], record["data"]) == (text, data)
    assert read(record, ZONE)["content"] == text
