"""Tailscale's routes: credentials, keys, devices, the policy."""

import base64
from typing import Any

import pytest

from rehearsal.clouds.tailscale.memory_control import MemoryControl
from tests.rehearsal.clouds.client import TOKEN, CloudClients, cloud_clients

Json = dict[str, Any]
KEYS, DEVICES = "/api/v2/tailnet/-/keys", "/api/v2/tailnet/-/devices"


def key(here: CloudClients) -> Json:
    """A new auth key."""
    create = {"preauthorized": True, "tags": ["tag:fks"]}
    body = {"capabilities": {"devices": {"create": create}}, "expirySeconds": 3600}
    answer = here.tailscale.post(KEYS, json=body)
    assert answer.status_code == 200, answer.text
    made: Json = answer.json()
    return made


def join(here: CloudClients, hostname: str) -> Json:
    """A new device."""
    tailnet = here.clouds.tailscale
    assert isinstance(tailnet.control, MemoryControl)
    body = {"key": key(here)["key"], "hostname": hostname}
    return tailnet.control.register(tailnet.keys, body).view()


@pytest.mark.parametrize("header", ["", "Bearer tskey-api-real", "Basic !!!"])
def test_other_credentials_than_the_rehearsals_are_rejected(header: str) -> None:
    answer = cloud_clients().tailscale.get(DEVICES, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == {"message": "API token invalid"}


def test_an_api_key_works_as_basic_user() -> None:
    headers = {"Authorization": "Basic " + base64.b64encode(f"{TOKEN}:".encode()).decode()}
    assert cloud_clients().tailscale.get(DEVICES, headers=headers).status_code == 200


def test_an_oauth_client_gets_a_token_and_must_name_tags() -> None:
    here = cloud_clients()
    form = {"client_id": "rehearsal-id", "client_secret": "rehearsal-secret"}
    answer = here.tailscale.post("/api/v2/oauth/token", data=form)
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    untagged = here.tailscale.post(KEYS, json={}, headers=headers)
    assert untagged.status_code == 400
    assert untagged.json() == {"message": "requested tags [] are invalid or not permitted"}
    wrong = here.tailscale.post("/api/v2/oauth/token", data={**form, "client_secret": "x"})
    assert wrong.status_code == 401


def test_only_the_answer_to_post_has_the_text_of_a_key() -> None:
    here = cloud_clients()
    made = key(here)
    assert made["key"].startswith("tskey-auth-")
    assert "key" not in here.tailscale.get(f"{KEYS}/{made['id']}").json()
    assert here.tailscale.get(f"{KEYS}?all=true").json() == {"keys": [{"id": made["id"]}]}
    assert made["key"] not in str(here.clouds.dump())


def test_a_deleted_key_is_not_found() -> None:
    here = cloud_clients()
    path = f"{KEYS}/{key(here)['id']}"
    deleted = here.tailscale.delete(path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    again = here.tailscale.delete(path)
    assert (again.status_code, again.json()) == (404, {"message": "key not found"})


def test_an_oauth_client_can_read_itself() -> None:
    client = cloud_clients().tailscale.get(f"{KEYS}/rehearsal-id").json()
    assert (client["id"], client["keyType"]) == ("rehearsal-id", "client")
    assert client["tags"] == ["tag:fks"]
    assert client["scopes"] == ["auth_keys", "devices:core"]


@pytest.mark.parametrize("field", ["id", "nodeId"])
def test_a_device_can_be_removed_by_either_of_its_ids(field: str) -> None:
    here = cloud_clients()
    device = join(here, "fks-web-1001")
    assert here.tailscale.get(DEVICES).json() == {"devices": [device]}
    path = f"/api/v2/device/{device[field]}"
    assert here.tailscale.delete(path).status_code == 200
    again = here.tailscale.delete(path)
    assert (again.status_code, again.json()) == (404, {"message": "device not found"})


def test_a_filter_of_devices_is_not_modelled_and_fails_the_run() -> None:
    here = cloud_clients()
    answer = here.tailscale.get(DEVICES, params={"hostname": "fks-web-1"})
    assert answer.status_code == 501
    assert answer.json() == {"message": "not modelled: the parameter hostname"}
    assert len(here.tailscale.get("/rehearsal/unknown").json()) == 1


def test_the_policy_of_a_new_tailnet_allows_everything() -> None:
    policy = cloud_clients().tailscale.get("/api/v2/tailnet/-/acl").json()
    assert policy["grants"] == [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]
