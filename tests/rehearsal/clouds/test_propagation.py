"""The delay until the name servers have a record."""

from tests.rehearsal.clouds.client import cloud_clients


def test_a_new_record_is_visible_after_the_delay() -> None:
    here = cloud_clients()
    zone = next(iter(here.clouds.cloudflare.zones))
    assert here.linode.post("/rehearsal/propagation", json={"seconds": 60}).status_code == 200
    record = {"type": "TXT", "name": "_acme-challenge", "content": "x", "ttl": 60}
    here.cloudflare.post(f"/client/v4/zones/{zone}/dns_records", json=record)
    assert here.clouds.propagation.visible() == []
    here.clouds.advance(61)
    assert [row["content"] for row in here.clouds.propagation.visible()] == ["x"]


def test_a_reset_removes_the_delay() -> None:
    here = cloud_clients()
    here.linode.post("/rehearsal/propagation", json={"seconds": 60})
    here.clouds.reset()
    assert here.clouds.propagation.seconds == 0


def test_a_negative_delay_is_rejected() -> None:
    answer = cloud_clients().linode.post("/rehearsal/propagation", json={"seconds": -1})
    assert answer.status_code == 400
    assert "seconds is -1" in answer.json()["error"]
