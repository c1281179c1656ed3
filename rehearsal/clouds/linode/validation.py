"""What Linode refuses, with its own words."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.errors import CloudError, unsupported
from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.errors import bad

USER_DATA_LIMIT = 16384
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_.](?![-_.]))*")
_KEY = re.compile(r"(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]+( .*)?")
KNOWN = frozenset(
    [
        "region",
        "type",
        "label",
        "group",
        "image",
        "root_pass",
        "authorized_keys",
        "authorized_users",
        "stackscript_id",
        "stackscript_data",
        "backup_id",
        "booted",
        "backups_enabled",
        "swap_size",
        "boot_size",
        "kernel",
        "private_ip",
        "tags",
        "metadata",
        "firewall_id",
        "disk_encryption",
        "interface_generation",
        "interfaces",
        "network_helper",
        "maintenance_policy",
        "placement_group",
        "watchdog_enabled",
        "alerts",
        "ipv4",
    ]
)


def create(wanted: Mapping[str, Any]) -> bytes:
    """Check a request for a new instance; returns its decoded user data."""
    unknown = sorted(set(wanted) - KNOWN)
    if unknown:
        raise unsupported(
            {"errors": [{"reason": f"The stand-in does not know the field {unknown[0]}"}]}
        )
    region, plan = wanted.get("region"), wanted.get("type")
    if not region:
        raise bad("region", "region is required")
    if not catalog.find("regions", region):
        raise bad("region", "region is not valid")
    check_type(plan)
    if wanted.get("label") is not None:
        check_label(wanted["label"])
    if wanted.get("image"):
        _image(wanted)
    return user_data(wanted)


def check_type(plan: Any) -> None:
    """A plan must be named and be for sale."""
    if not plan:
        raise bad("type", "type is required")
    if not catalog.find("types", str(plan)):
        raise bad("type", "A valid plan type by that ID was not found")


def check_label(label: Any) -> None:
    """An instance's label: 3 to 64 of letters, digits and single - _ . in between."""
    if not isinstance(label, str) or not 3 <= len(label) <= 64:
        raise bad("label", "Length must be 3-64 characters")
    if not _LABEL.fullmatch(label) or not label[-1].isalnum():
        raise bad(
            "label",
            "Label must begin and end with an alphanumeric character, and contain only letters, "
            "numbers, and single dashes, underscores and periods",
        )


def _image(wanted: Mapping[str, Any]) -> None:
    if not catalog.find("images", wanted["image"]):
        raise bad("image", "image is not valid")
    if not any(wanted.get(k) for k in ("root_pass", "authorized_keys", "authorized_users")):
        raise bad("root_pass", "root_pass, authorized_keys or authorized_users is required")
    password = wanted.get("root_pass")
    if password is not None and not 7 <= len(password) <= 128:
        raise bad("root_pass", "Length must be 7-128 characters")
    for number, key in enumerate(wanted.get("authorized_keys") or [], start=1):
        if not isinstance(key, str) or not _KEY.fullmatch(key.strip()):
            raise bad("authorized_keys", f"SSH Key {number} is invalid")


def user_data(wanted: Mapping[str, Any]) -> bytes:
    """The decoded user data, empty when none was sent."""
    text = (wanted.get("metadata") or {}).get("user_data")
    if not text:
        return b""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise bad("metadata.user_data", "user_data must be base64 encoded") from wrong
    if len(decoded) > USER_DATA_LIMIT:
        raise bad(
            "metadata.user_data", f"decoded user_data must not exceed {USER_DATA_LIMIT} bytes"
        )
    _metadata_offered(wanted)
    return decoded


def _metadata_offered(wanted: Mapping[str, Any]) -> None:
    region = catalog.find("regions", wanted["region"])
    if region and "Metadata" not in region["capabilities"]:
        raise bad("metadata", "The selected region does not support Metadata")
    image = catalog.find("images", wanted.get("image") or "")
    if image and "cloud-init" not in image["capabilities"]:
        raise bad("metadata", "The selected image does not support cloud-init")


def label_taken() -> CloudError:
    """400: two instances of one account cannot share a label."""
    return bad("label", "Label must be unique among your linodes")
