"""All clouds together: the state file, and the reset."""

from pathlib import Path

from tests.rehearsal.clouds.client import cloud_clients, instance

INSTANCES, KEYS = "/v4/linode/instances", "/api/v2/tailnet/-/keys"
KEY = {"capabilities": {"devices": {"create": {"preauthorized": True, "tags": ["tag:fks"]}}}}


def test_the_state_survives_a_restart_and_has_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    here = cloud_clients(state=file)
    created = here.linode.post(INSTANCES, json=instance(root_pass="canary-password")).json()
    zone = next(iter(here.clouds.cloudflare.zones))
    records = f"/client/v4/zones/{zone}/dns_records"
    record = {"type": "A", "name": "auth", "content": "100.64.0.16", "ttl": 1}
    here.cloudflare.post(records, json=record)
    key = here.tailscale.post(KEYS, json=KEY).json()

    later = cloud_clients(state=file)
    assert later.linode.get(f"{INSTANCES}/{created['id']}").json()["label"] == "web-1"
    assert later.cloudflare.get(records).json()["result_info"]["count"] == 1
    assert later.tailscale.get(KEYS).json() == {"keys": [{"id": key["id"]}]}
    assert later.linode.post(INSTANCES, json=instance(label="web-2")).json()["id"] > created["id"]
    for secret in ("canary-password", key["key"]):
        assert secret not in file.read_text(encoding="utf-8")


def test_a_reset_removes_everything() -> None:
    here = cloud_clients()
    here.linode.post(INSTANCES, json=instance())
    here.tailscale.post(KEYS, json=KEY)
    here.clouds.reset()
    assert here.linode.get(INSTANCES).json()["data"] == []
    assert here.tailscale.get(KEYS).json() == {"keys": []}
