"""Linode's checks of a request for a new instance."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.errors import bad, check_modelled, not_modelled
from rehearsal.clouds.linode.instances import DEFAULTS

Json = dict[str, Any]
USER_DATA_LIMIT = 16384
MODELLED = (
    *("region", "type", "label", "tags", "image", "root_pass", "authorized_keys"),
    *("metadata", "firewall_id"),
)
ALERTS = ("cpu", "io", "network_in", "network_out", "transfer_quota")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_.](?![-_.]))*")
_KEY = re.compile(r"(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]+( .*)?")


def create(body: Mapping[str, Any]) -> bytes:
    """Check a request for a new instance; returns its decoded user data, empty without any."""
    check_modelled(body, MODELLED, DEFAULTS)
    if not body.get("region"):
        raise bad("region", "region is required")
    if not catalog.find("regions", body["region"]):
        raise bad("region", "region is not valid")
    plan(body.get("type"))
    if body.get("label") is not None:
        check_label(body["label"])
    _check_image(body)
    return _user_data(body)


def plan(name: Any) -> Json:
    """The plan of this name, or 400."""
    if not name:
        raise bad("type", "type is required")
    found = catalog.find("types", str(name))
    if not found:
        raise bad("type", "A valid plan type by that ID was not found")
    return found


def alerts(values: Any) -> Json:
    """The limits above which Linode sends an alert; 0 switches one off."""
    check_modelled(values, ALERTS)
    for name in ALERTS:
        if not isinstance(values.get(name), int) or values[name] < 0:
            raise bad(f"alerts.{name}", f"{name} must be an integer of at least 0")
    return dict(values)


def check_label(label: Any) -> None:
    """An instance's label: 3 to 64 letters and digits, with single - _ . between them."""
    if not isinstance(label, str) or not 3 <= len(label) <= 64:
        raise bad("label", "Length must be 3-64 characters")
    if not _LABEL.fullmatch(label) or not label[-1].isalnum():
        raise bad(
            "label",
            "Label must begin and end with an alphanumeric character, and contain only letters, "
            "numbers, and single dashes, underscores and periods",
        )


def _check_image(body: Mapping[str, Any]) -> None:
    if not body.get("image"):
        raise not_modelled("an instance without an image")
    if not catalog.find("images", body["image"]):
        raise bad("image", "image is not valid")
    password, keys = body.get("root_pass"), body.get("authorized_keys") or []
    if not password and not keys:
        raise bad("root_pass", "root_pass, authorized_keys or authorized_users is required")
    if password is not None and not 7 <= len(password) <= 128:
        raise bad("root_pass", "Length must be 7-128 characters")
    for number, key in enumerate(keys, start=1):
        if not isinstance(key, str) or not _KEY.fullmatch(key.strip()):
            raise bad("authorized_keys", f"SSH Key {number} is invalid")


def _user_data(body: Mapping[str, Any]) -> bytes:
    text = (body.get("metadata") or {}).get("user_data")
    if not text:
        return b""
    field = "metadata.user_data"
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad(field, "user_data must be base64 encoded") from error
    if len(decoded) > USER_DATA_LIMIT:
        raise bad(field, f"decoded user_data must not exceed {USER_DATA_LIMIT} bytes")
    image = catalog.find("images", body["image"])
    if image and "cloud-init" not in image["capabilities"]:
        raise bad("metadata", "The selected image does not support cloud-init")
    return decoded
