"""The records of an account: created, replaced, and restored."""

from typing import Any

import pytest

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.cloudflare.cloud import CloudflareCloud
from rehearsal.clouds.errors import CloudError


def address(**fields: Any) -> dict[str, Any]:
    """A request for an A record."""
    return {"type": "A", "name": "auth", "content": "100.64.0.16", "ttl": 1, **fields}


def account(*zones: str) -> tuple[CloudflareCloud, str]:
    """An account, and the id of its first zone."""
    made = CloudflareCloud(Clock(), zones or ("fkstrading.xyz",))
    return made, next(iter(made.zones))


def code(cloudflare: CloudflareCloud, zone: str, body: dict[str, Any]) -> int:
    """Cloudflare's code of a rejected record."""
    with pytest.raises(CloudError) as caught:
        cloudflare.create(zone, body)
    assert caught.value.status == 400
    return int(caught.value.body["errors"][0]["code"])


def test_a_second_address_of_a_name_is_accepted_an_identical_record_is_not() -> None:
    cloudflare, zone = account()
    cloudflare.create(zone, address())
    second = cloudflare.create(zone, address(content="100.64.0.17"))
    assert code(cloudflare, zone, address()) == 81058
    # A record does not conflict with itself.
    cloudflare.replace(zone, second["id"], address(content="100.64.0.17", ttl=120))


def test_records_of_a_zone_that_is_no_longer_configured_are_not_restored() -> None:
    cloudflare, zone = account("fkstrading.xyz", "example.net")
    cloudflare.create(zone, address())
    cloudflare.create(list(cloudflare.zones)[1], address())
    later, _ = account()
    later.load(cloudflare.dump())
    assert [record["zone_name"] for record in later.all_records()] == ["fkstrading.xyz"]


def test_a_batch_changes_what_it_names_or_nothing() -> None:
    cloudflare, zone = account()
    first = cloudflare.create(zone, address(comment="fks prod", ttl=60))
    second = cloudflare.create(zone, address(name="api"))
    body = {"patches": [{"id": one["id"], "content": "100.64.0.9"} for one in (first, second)]}
    cloudflare.batch(zone, body)
    changed = {"content": "100.64.0.9"}
    times = {"modified_on": cloudflare.get(zone, first["id"])["modified_on"]}
    assert cloudflare.get(zone, first["id"]) == {**first, **changed, **times}
    assert [one["content"] for one in cloudflare.records(zone)] == ["100.64.0.9"] * 2
    body = {"patches": [{"id": first["id"], "content": "100.64.0.8"}, {"id": "f" * 32}]}
    with pytest.raises(CloudError):
        cloudflare.batch(zone, body)
    assert cloudflare.get(zone, first["id"])["content"] == "100.64.0.9"
    with pytest.raises(CloudError, match="not modelled: a batch with posts"):
        cloudflare.batch(zone, {"posts": [address()]})
