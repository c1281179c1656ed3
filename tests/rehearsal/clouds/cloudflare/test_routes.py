"""Cloudflare's API: zones, records, and what it refuses."""

from typing import Any

import pytest

from tests.rehearsal.clouds.client import TOKEN, Client, desk

Json = dict[str, Any]


def zone() -> tuple[Client, str]:
    """A client and the path of fkstrading.xyz's records."""
    here = desk()
    found = here.cloudflare.get("/client/v4/zones", params={"name": "fkstrading.xyz"}).json()
    return here.cloudflare, f"/client/v4/zones/{found['result'][0]['id']}/dns_records"


def address(**wanted: Any) -> Json:
    """A request for an A record."""
    return {
        "type": "A",
        "name": "auth.fkstrading.xyz",
        "content": "100.64.0.16",
        "ttl": 1,
        **wanted,
    }


def code(client: Client, path: str, body: Json) -> tuple[int, int]:
    """Status and Cloudflare's code of a refused creation."""
    answer = client.post(path, json=body)
    assert answer.json()["success"] is False
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.mark.parametrize("headers", [{"Authorization": ""}, {"Authorization": "Bearer other"}])
def test_only_a_rehearsals_token_opens_the_account(headers: dict[str, str]) -> None:
    answer = desk().cloudflare.get("/client/v4/zones", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["errors"] == [{"code": 1000, "message": "Invalid API Token"}]


def test_the_old_pair_of_key_and_address_opens_it_too() -> None:
    headers = {"Authorization": "", "X-Auth-Key": TOKEN, "X-Auth-Email": "a@example.com"}
    assert desk().cloudflare.get("/client/v4/zones", headers=headers).status_code == 200


def test_zones_are_found_by_name_and_a_page_past_the_end_is_empty() -> None:
    client = desk(zones=("fkstrading.xyz", "example.net")).cloudflare
    every = client.get("/client/v4/zones").json()
    assert [row["name"] for row in every["result"]] == ["fkstrading.xyz", "example.net"]
    assert every["result_info"]["total_count"] == 2
    assert client.get("/client/v4/zones", params={"page": 2}).json()["result"] == []
    none = client.get("/client/v4/zones", params={"name": "nope.example", "match": "all"})
    assert none.json()["result"] == []


@pytest.mark.parametrize("name", ["auth", "AUTH.fkstrading.xyz", "auth.fkstrading.xyz."])
def test_names_are_kept_complete_and_in_lower_case(name: str) -> None:
    client, path = zone()
    answer = client.post(path, json=address(name=name)).json()
    assert answer["result"]["name"] == "auth.fkstrading.xyz"


def test_an_at_sign_is_the_zone_itself() -> None:
    client, path = zone()
    assert client.post(path, json=address(name="@")).json()["result"]["name"] == "fkstrading.xyz"


def test_a_second_address_of_the_same_name_is_taken_an_identical_one_is_not() -> None:
    client, path = zone()
    assert client.post(path, json=address()).status_code == 200
    assert client.post(path, json=address(content="100.64.0.17")).status_code == 200
    assert code(client, path, address()) == (400, 81058)


def test_a_cname_and_an_address_of_one_name_exclude_each_other() -> None:
    client, path = zone()
    client.post(path, json=address())
    alias = {"type": "CNAME", "content": "web.fkstrading.xyz", "ttl": 1}
    assert code(client, path, {**alias, "name": "auth"}) == (400, 81053)
    client.post(path, json={**alias, "name": "www"})
    assert code(client, path, address(name="www")) == (400, 81054)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"content": "not-an-address"}, 9005),
        ({"content": "fd00::1"}, 9005),
        ({"type": "AAAA"}, 9006),
        ({"type": "LOC"}, 9000),
        ({"name": "bad name"}, 9000),
        ({"ttl": 30}, 9020),
        ({"proxied": True}, 9003),
        ({"type": "TXT", "proxied": True}, 9004),
        ({"content": ""}, 9002),
    ],
)
def test_a_wrong_record_is_refused_with_cloudflares_code(change: Json, expected: int) -> None:
    client, path = zone()
    assert code(client, path, address(**change)) == (400, expected)


def test_a_record_is_replaced_patched_and_deleted() -> None:
    client, path = zone()
    record = client.post(path, json=address()).json()["result"]
    own = f"{path}/{record['id']}"
    changed = client.put(own, json=address(content="100.64.0.18", comment="fks")).json()["result"]
    assert (changed["id"], changed["content"]) == (record["id"], "100.64.0.18")
    patched = client.request("PATCH", own, json={"ttl": 120}).json()["result"]
    assert (patched["content"], patched["ttl"], patched["comment"]) == ("100.64.0.18", 120, "fks")
    assert client.delete(own).json()["result"] == {"id": record["id"]}
    gone = client.get(own)
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (404, 81044)


def test_a_challenge_is_found_by_type_name_and_content_as_certbot_asks() -> None:
    client, path = zone()
    challenge = {"type": "TXT", "name": "_acme-challenge.auth.fkstrading.xyz", "ttl": 120}
    for text in ("first", "second"):
        assert client.post(path, json={**challenge, "content": text}).status_code == 200
    query = {"type": "TXT", "name": challenge["name"], "content": "second", "per_page": 1}
    found = client.get(path, params=query).json()["result"]
    assert [row["content"] for row in found] == ["second"]


def test_a_caa_record_is_read_from_its_data() -> None:
    client, path = zone()
    data = {"flags": 0, "tag": "issue", "value": "letsencrypt.org;validationmethods=dns-01"}
    record = client.post(path, json={"type": "CAA", "name": "@", "data": data, "ttl": 1}).json()
    text = '0 issue "letsencrypt.org;validationmethods=dns-01"'
    assert (record["result"]["content"], record["result"]["data"]) == (text, data)


def test_a_filter_the_stand_in_would_ignore_fails_the_run() -> None:
    client, path = zone()
    assert client.get(path, params={"tag": "x"}).status_code == 501
    assert len(client.get("/rehearsal/unknown").json()) == 1


def test_an_unknown_zone_is_cloudflares_404() -> None:
    client, _ = zone()
    answer = client.get("/client/v4/zones/abc/dns_records")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, 7003)
