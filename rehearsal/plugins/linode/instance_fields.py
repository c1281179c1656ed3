"""What a change of each input of linode:index/instance:Instance means."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from rehearsal.plugins.base import Call, CheckError, ProviderError, not_modelled
from rehearsal.plugins.bridge.fields import Compare, Field, own, planned
from rehearsal.plugins.values import Unknown, Values


def password_hash(password: Any) -> Any:
    """The form of a root password in the state."""
    if isinstance(password, Unknown):
        return password
    return base64.b64encode(hashlib.sha3_512(password.encode()).digest()).decode()


def whole(number: Any) -> Any:
    """The number of an id: ids are strings as outputs and numbers as inputs."""
    return int(number) if isinstance(number, str) and number.isdigit() else number


def _both_zero(state: Any, plan: Any) -> bool:
    """The older plugin SDK treats an absent value, false and an empty string alike."""
    return not state and not plan


FIELDS: Final[Mapping[str, Field]] = {
    # A change replaces the server, and with it the disk:
    "authorizedKeys": Field(replaces=True, compare=Compare.LIST),
    "firewallId": Field(replaces=True, stored=whole),
    "image": Field(replaces=True),
    "interfaceGeneration": Field(replaces=True, kept=True),
    "metadatas": Field(replaces=True, compare=Compare.BLOCKS),
    # In place:
    "alerts": Field(kept=True),
    "label": Field(kept=True),
    "region": Field(),
    "tags": Field(compare=Compare.SET),
    "type": Field(default="g6-standard-1"),
    "watchdogEnabled": Field(default=True),
    # In every recorded creation; a change is not modelled:
    "backupsEnabled": Field(kept=True),
    "migrationType": Field(default="cold"),
    "privateIp": Field(default=False, same=_both_zero),
    "resizeDisk": Field(default=False, same=_both_zero),
    "rootPass": Field(stored=password_hash),
}
LABEL: Final = (3, 50)
# The one modelled value of an input.
ONLY: Final = {
    "backupsEnabled": False,
    "migrationType": "cold",
    "resizeDisk": False,
    "watchdogEnabled": True,
}
# Filled in when inputs are checked, and noted under `__defaults`.
DEFAULTS: Final = {"migrationType": "cold", "type": "g6-standard-1", "watchdogEnabled": True}
# Lists of blocks that the API fills: missing in state after an interrupted creation.
COMPUTED_BLOCKS: Final = ("backups", "specs")


def check_values(news: Values) -> None:
    """Raise `CheckError` for values that are not modelled."""
    for name, value in ONLY.items():
        if news.get(name) not in (None, value):
            raise CheckError((name, not_modelled(f"{name} other than {value}")))
    if news.get("image") is None:
        raise CheckError(("image", not_modelled("an instance without image")))


def check_label(call: Call, label: Any) -> None:
    """Raise `CheckError` for a known label of a wrong length; the API accepts 64 characters."""
    low, high = LABEL
    if isinstance(label, str) and not low <= len(label) <= high:
        problem = f"expected length of label to be in the range ({low} - {high}), got {label}"
        raise CheckError(("", f"{problem}. Examine values at '{call.name}.label'."))


def check_update(names: list[str]) -> None:
    """Raise `ProviderError` for changes that are not modelled."""
    for name in ("privateIp", "rootPass"):
        if name in names:
            raise ProviderError(not_modelled(f"an update of {name}"))


def with_defaults(news: Values) -> Values:
    """Inputs with the defaults filled in and the bridge's notes of the filled-in ones."""
    missing = {name: value for name, value in DEFAULTS.items() if news.get(name) is None}
    noted: Values = {}
    if isinstance(blocks := news.get("metadatas"), list):
        noted["metadatas"] = [
            {**block, "__defaults": []} if isinstance(block, dict) else block for block in blocks
        ]
    if isinstance(alerts := news.get("alerts"), dict):
        noted["alerts"] = {**alerts, "__defaults": []}
    return {**news, **noted, **missing, "__defaults": sorted(missing)}


def plan(state: Values, inputs: Values) -> Values:
    """The value of every input after an update; after a creation where the state is empty."""
    values = planned(FIELDS, state, own(inputs))
    tags = values["tags"]
    if isinstance(tags, list) and not any(isinstance(tag, Unknown) for tag in tags):
        values["tags"] = sorted(tags)
    return values
