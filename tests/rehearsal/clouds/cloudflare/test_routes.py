"""Cloudflare's routes: zones, lists, and the life of a record."""

from typing import Any

from tests.rehearsal.clouds.client import AppClient, cloud_clients

Json = dict[str, Any]


def zone() -> tuple[AppClient, str]:
    """A client and the path of the records of fkstrading.xyz."""
    here = cloud_clients()
    found = here.cloudflare.get("/client/v4/zones", params={"name": "fkstrading.xyz"}).json()
    return here.cloudflare, f"/client/v4/zones/{found['result'][0]['id']}/dns_records"


def address(**fields: Any) -> Json:
    """A request for an A record."""
    return {"type": "A", "name": "auth", "content": "100.64.0.16", "ttl": 1, **fields}


def test_a_token_for_other_zones_sees_none() -> None:
    headers = {"Authorization": "Bearer rehearsal-elsewhere-0123456789"}
    client = cloud_clients().cloudflare
    answer = client.get("/client/v4/zones?name=fkstrading.xyz", headers=headers).json()
    assert (answer["success"], answer["result"]) == (True, [])


def test_zones_are_found_by_name_and_a_page_after_the_end_is_empty() -> None:
    client = cloud_clients(zones=("fkstrading.xyz", "example.net")).cloudflare
    every = client.get("/client/v4/zones").json()
    assert [row["name"] for row in every["result"]] == ["fkstrading.xyz", "example.net"]
    assert every["result_info"]["total_count"] == 2
    assert client.get("/client/v4/zones", params={"page": 2}).json()["result"] == []
    none = client.get("/client/v4/zones", params={"name": "nope.example", "match": "all"})
    assert none.json()["result"] == []
    assert client.get("/client/v4/zones", params={"page": "x"}).status_code == 400


def test_a_record_is_created_replaced_and_deleted() -> None:
    client, path = zone()
    record = client.post(path, json=address()).json()["result"]
    own = f"{path}/{record['id']}"
    changed = client.put(own, json=address(content="100.64.0.18", comment="fks")).json()["result"]
    assert (changed["id"], changed["content"]) == (record["id"], "100.64.0.18")
    assert (changed["comment"], changed["created_on"]) == ("fks", record["created_on"])
    assert client.delete(own).json()["result"] == {"id": record["id"]}
    gone = client.get(own)
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (404, 81044)


def test_certbot_finds_a_challenge_by_type_name_and_content() -> None:
    client, path = zone()
    challenge = {"type": "TXT", "name": "_acme-challenge.auth.fkstrading.xyz", "ttl": 120}
    for text in ("first", "second"):
        assert client.post(path, json={**challenge, "content": text}).status_code == 200
    query = {"type": "TXT", "name": challenge["name"], "content": "second", "per_page": 1}
    found = client.get(path, params=query).json()["result"]
    assert [row["content"] for row in found] == ["second"]


def test_records_are_found_by_their_exact_name() -> None:
    client, path = zone()
    for name in ("auth", "api"):
        client.post(path, json=address(name=name))
    found = client.get(path, params={"name.exact": "auth.fkstrading.xyz", "per_page": 100})
    assert [row["name"] for row in found.json()["result"]] == ["auth.fkstrading.xyz"]


def test_a_filter_that_is_not_modelled_fails_the_run() -> None:
    client, path = zone()
    answer = client.get(path, params={"tag": "x"})
    assert answer.status_code == 501
    assert answer.json()["errors"][0]["message"] == "not modelled: the parameter tag"
    assert len(client.get("/rehearsal/unknown").json()) == 1


def test_an_unknown_zone_is_cloudflares_404() -> None:
    client, _ = zone()
    for path in ("", "/dns_records"):
        answer = client.get(f"/client/v4/zones/abc{path}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, 7003)
