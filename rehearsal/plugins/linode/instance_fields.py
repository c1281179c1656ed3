"""What a change of each input of linode:index/instance:Instance means."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from rehearsal.plugins.bridge.fields import Field, Look, own, planned
from rehearsal.plugins.values import Unknown, Values


def password_hash(password: Any) -> Any:
    """What the state shows of a root password."""
    if isinstance(password, Unknown):
        return password
    return base64.b64encode(hashlib.sha3_512(password.encode()).digest()).decode()


def whole(number: Any) -> Any:
    """Ids are texts as outputs and numbers as inputs: the bridge turns one into the other."""
    return int(number) if isinstance(number, str) and number.isdigit() else number


def _already_hashed(state: Any, plan: Any) -> bool:
    """After an import or a refresh the input may be the hash itself."""
    return isinstance(state, str) and isinstance(plan, str) and password_hash(state) == plan


def _both_zero(state: Any, plan: Any) -> bool:
    """The older plugin SDK does not tell nothing from false or an empty text."""
    return not state and not plan


FIELDS: Final[Mapping[str, Field]] = {
    # A new server, and with it a new disk:
    "authorizedKeys": Field(replaces=True, look=Look.LIST),
    "authorizedUsers": Field(replaces=True, look=Look.LIST),
    "backupId": Field(replaces=True, stored=whole),
    "diskEncryption": Field(replaces=True, kept=True),
    "firewallId": Field(replaces=True, stored=whole),
    "image": Field(replaces=True),
    "interfaceGeneration": Field(replaces=True, kept=True),
    "ipv4s": Field(replaces=True, kept=True, look=Look.SET),
    "metadatas": Field(replaces=True, look=Look.BLOCKS),
    "networkHelper": Field(replaces=True),
    "rootPass": Field(replaces=True, stored=password_hash, same=_already_hashed),
    "stackscriptData": Field(replaces=True, look=Look.MAP),
    "stackscriptId": Field(replaces=True, stored=whole),
    # In place:
    "alerts": Field(kept=True, look=Look.MAP),
    "backupsEnabled": Field(kept=True),
    "bootConfigLabel": Field(kept=True),
    "booted": Field(kept=True),
    "group": Field(default="", same=_both_zero),
    "interfaces": Field(look=Look.BLOCKS),
    "label": Field(kept=True),
    "maintenancePolicy": Field(kept=True),
    "migrationType": Field(default="cold"),
    "privateIp": Field(default=False, same=_both_zero),
    "region": Field(),
    "resizeDisk": Field(default=False, same=_both_zero),
    "sharedIpv4s": Field(kept=True, look=Look.SET),
    "swapSize": Field(kept=True),
    "tags": Field(kept=True, look=Look.SET),
    "type": Field(default="g6-standard-1"),
    "watchdogEnabled": Field(default=True),
}
SETS: Final = tuple(name for name, field in FIELDS.items() if field.look is Look.SET)
# Filled in when inputs are checked, and noted under `__defaults`.
DEFAULTS: Final = {"migrationType": "cold", "type": "g6-standard-1", "watchdogEnabled": True}
BLOCKS: Final = ("interfaces", "metadatas")
# Lists of blocks that only the API fills: missing in state after a creation that broke off.
COMPUTED_BLOCKS: Final = ("backups", "specs")


def with_defaults(news: Values) -> Values:
    """Inputs with the defaults filled in and the bridge's notes of what it filled in."""
    missing = {name: value for name, value in DEFAULTS.items() if news.get(name) is None}
    noted = {
        name: [
            {**block, "__defaults": []} if isinstance(block, dict) else block for block in blocks
        ]
        for name in BLOCKS
        if isinstance(blocks := news.get(name), list)
    }
    return {**news, **noted, **missing, "__defaults": sorted(missing)}


def plan(state: Values, inputs: Values) -> Values:
    """The value of every input after an update, or after a creation where there is no state."""
    wanted = planned(FIELDS, state, own(inputs))
    if isinstance(wanted["alerts"], dict):
        wanted["alerts"] = {**(state.get("alerts") or {}), **wanted["alerts"]}
    for name in SETS:
        if isinstance(wanted[name], list) and not any(isinstance(i, Unknown) for i in wanted[name]):
            wanted[name] = sorted(wanted[name])
    return wanted
