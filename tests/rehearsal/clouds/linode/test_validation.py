"""Linode's checks of a request for a new instance."""

import base64
from typing import Any

import pytest

from tests.rehearsal.clouds.client import cloud_clients, instance

INSTANCES = "/v4/linode/instances"
TEXT = base64.b64encode(b"#cloud-config\n").decode()


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"region": "mars-1"}, "region", "region is not valid"),
        ({"region": None}, "region", "region is required"),
        ({"type": "g9-nope"}, "type", "A valid plan type by that ID was not found"),
        ({"type": None}, "type", "type is required"),
        ({"image": "linode/windows"}, "image", "image is not valid"),
        ({"label": "ab"}, "label", "Length must be 3-64 characters"),
        ({"label": "x" * 65}, "label", "Length must be 3-64 characters"),
        ({"firewall_id": 7}, "firewall_id", "firewall_id is not valid"),
        ({"root_pass": "short"}, "root_pass", "Length must be 7-128 characters"),
        ({"authorized_keys": ["hello"]}, "authorized_keys", "SSH Key 1 is invalid"),
        (
            {"authorized_keys": []},
            "root_pass",
            "root_pass, authorized_keys or authorized_users is required",
        ),
        (
            {"metadata": {"user_data": "#cloud-config"}},
            "metadata.user_data",
            "user_data must be base64 encoded",
        ),
        (
            {"metadata": {"user_data": base64.b64encode(b"x" * 16385).decode()}},
            "metadata.user_data",
            "decoded user_data must not exceed 16384 bytes",
        ),
        (
            {"image": "linode/slackware15.0", "metadata": {"user_data": TEXT}},
            "metadata",
            "The selected image does not support cloud-init",
        ),
    ],
)
def test_a_wrong_request_is_rejected_with_the_field_and_the_reason(
    fields: dict[str, Any], field: str, reason: str
) -> None:
    answer = cloud_clients().linode.post(INSTANCES, json=instance(**fields))
    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"field": field, "reason": reason}]}


@pytest.mark.parametrize("label", ["-web", "web-", "web--1", "web 1", "wéb"])
def test_a_label_with_other_characters_is_rejected(label: str) -> None:
    answer = cloud_clients().linode.post(INSTANCES, json=instance(label=label))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "label"


def test_user_data_of_exactly_the_limit_is_accepted() -> None:
    text = base64.b64encode(b"x" * 16384).decode()
    answer = cloud_clients().linode.post(INSTANCES, json=instance(metadata={"user_data": text}))
    assert answer.json()["has_user_data"] is True


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"private_ip": True}, "private_ip"),
        ({"stackscript_id": 7}, "stackscript_id"),
        ({"swap_size": 1024}, "swap_size"),
        ({"backups_enabled": True}, "backups_enabled"),
        ({"interfaces": [{"purpose": "public"}]}, "interfaces"),
        ({"interface_generation": "linode"}, "interface_generation"),
        ({"authorized_users": ["one"]}, "authorized_users"),
        ({"image": None}, "an instance without an image"),
        ({"ipv8": "x"}, "ipv8"),
    ],
)
def test_other_fields_are_not_modelled_and_fail_the_run(fields: dict[str, Any], name: str) -> None:
    here = cloud_clients()
    answer = here.linode.post(INSTANCES, json=instance(**fields))
    assert answer.status_code == 501
    assert answer.json() == {"errors": [{"field": name, "reason": f"not modelled: {name}"}]}
    assert here.linode.get("/rehearsal/unknown").json()[0]["path"] == INSTANCES


def test_other_fields_are_accepted_with_their_defaults() -> None:
    defaults = {"private_ip": False, "interface_generation": "legacy_config", "interfaces": []}
    answer = cloud_clients().linode.post(INSTANCES, json=instance(**defaults))
    assert answer.status_code == 200
