"""The side door: faults, journal, reset, and memory across restarts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.clouds.client import TOKEN, Desk, desk, instance

INSTANCES = "/v4/linode/instances"


def fault(here: Desk, **wanted: Any) -> None:
    """Queue a fault through the side door."""
    assert here.linode.post("/rehearsal/faults", json=wanted).status_code == 200


def test_a_fault_strikes_as_often_as_asked_and_no_longer() -> None:
    here = desk()
    body = {"errors": [{"reason": "Too many requests"}]}
    fault(
        here,
        cloud="linode",
        method="GET",
        path="instances$",
        status=429,
        body=body,
        headers={"Retry-After": "3"},
        count=2,
    )
    assert here.linode.get("/v4/regions").status_code == 200
    first = here.linode.get(INSTANCES)
    assert (first.status_code, first.headers["retry-after"], first.json()) == (429, "3", body)
    assert [here.linode.get(INSTANCES).status_code for _ in range(2)] == [429, 200]


def test_a_fault_can_let_some_pass_first() -> None:
    here = desk()
    fault(here, path="/v4/regions", status=500, skip=1)
    assert [here.linode.get("/v4/regions").status_code for _ in range(3)] == [200, 500, 200]


def test_a_fault_can_be_for_one_client_alone() -> None:
    here = desk()
    fault(here, path="/v4/regions", status=500, agent="certbot/.*")
    certbot = {"User-Agent": "certbot/4"}
    assert here.linode.get("/v4/regions").status_code == 200
    assert here.linode.get("/v4/regions", headers=certbot).status_code == 500


def test_a_fault_without_a_body_speaks_each_clouds_language() -> None:
    here = desk()
    fault(here, status=503, count=3)
    assert "errors" in here.linode.get("/v4/regions").json()
    assert here.cloudflare.get("/client/v4/zones").json()["success"] is False
    assert "message" in here.tailscale.get("/api/v2/tailnet/-/devices").json()


def test_a_fault_after_the_deed_leaves_the_deed_done() -> None:
    here = desk()
    fault(here, method="POST", status=500, after=True)
    assert here.linode.post(INSTANCES, json=instance()).status_code == 500
    assert [i.label for i in here.clouds.linode.instances.values()] == ["web-1"]


@pytest.mark.parametrize(
    ("wanted", "text"), [({"pathh": "x"}, "unknown fault key 'pathh'"), ({"path": "("}, "'('")]
)
def test_a_wrong_fault_is_refused(wanted: dict[str, Any], text: str) -> None:
    answer = desk().linode.post("/rehearsal/faults", json=wanted)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_the_journal_has_every_request_and_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    here = desk(journal=file)
    here.linode.post(INSTANCES, json=instance(root_pass="canary-password"))
    here.cloudflare.get("/client/v4/zones")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(row["cloud"], row["method"], row["status"]) for row in lines] == [
        ("linode", "POST", 200),
        ("cloudflare", "GET", 200),
    ]
    assert "canary" not in file.read_text(encoding="utf-8")
    assert TOKEN not in file.read_text(encoding="utf-8")
    found = here.linode.get("/rehearsal/journal", params={"cloud": "linode"}).json()
    assert len(found) == 1


def test_what_was_made_survives_a_restart_without_secrets_on_disk(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    here = desk(state=file)
    made = here.linode.post(INSTANCES, json=instance(root_pass="canary-password")).json()
    zone = next(iter(here.clouds.cloudflare.zones))
    records = f"/client/v4/zones/{zone}/dns_records"
    record = {"type": "A", "name": "auth", "content": "100.64.0.16", "ttl": 1}
    here.cloudflare.post(records, json=record)
    create = {"preauthorized": True, "tags": ["tag:fks"]}
    body = {"capabilities": {"devices": {"create": create}}}
    text = here.tailscale.post("/api/v2/tailnet/-/keys", json=body).json()["key"]

    later = desk(state=file)
    assert later.linode.get(f"{INSTANCES}/{made['id']}").json()["label"] == "web-1"
    assert later.cloudflare.get(records).json()["result_info"]["count"] == 1
    joined = later.tailscale.post("/rehearsal/register", json={"key": text, "hostname": "web"})
    assert joined.status_code == 200
    assert later.linode.post(INSTANCES, json=instance(label="web-2")).json()["id"] > made["id"]
    for secret in ("canary-password", text):
        assert secret not in file.read_text(encoding="utf-8")
    assert desk(state=file).tailscale.get("/rehearsal/state").json()["devices"]


def test_a_reset_forgets_everything() -> None:
    here = desk()
    here.linode.post(INSTANCES, json=instance())
    fault(here, status=500)
    here.linode.post("/rehearsal/reset", json={})
    assert here.linode.get(INSTANCES).json()["data"] == []
    assert here.linode.get("/rehearsal/faults").json() == []


def test_each_host_shows_its_own_state() -> None:
    here = desk()
    assert set(here.linode.get("/rehearsal/state").json()) == {"instances", "firewalls", "events"}
    assert set(here.cloudflare.get("/rehearsal/state").json()) == {"zones", "records"}
    assert set(here.tailscale.get("/rehearsal/state").json()) == {"keys", "devices"}


def test_the_clock_moves_forward_only() -> None:
    here = desk()
    assert here.linode.post("/rehearsal/clock", json={"seconds": 60}).status_code == 200
    assert here.linode.post("/rehearsal/clock", json={"seconds": -1}).status_code == 400
