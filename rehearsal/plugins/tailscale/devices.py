"""tailscale:index/getDevice and getDevices."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final

from rehearsal.plugins.base import Call, CheckError, ProviderError
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.names import present
from rehearsal.plugins.tailscale.api import Tailnet, reason
from rehearsal.plugins.values import Values

SECONDS_BETWEEN_LOOKS: Final = 1.0
UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
SHOWN: Final = (
    *(
        "addresses",
        "id",
        "nodeId",
        "user",
        "name",
        "hostname",
        "clientVersion",
        "updateAvailable",
        "os",
    ),
    *(
        "created",
        "lastSeen",
        "keyExpiryDisabled",
        "expires",
        "authorized",
        "isExternal",
        "machineKey",
    ),
    *("nodeKey", "blocksIncomingConnections", "tailnetLockError", "tailnetLockKey", "tags"),
)


def _seconds(duration: str) -> float:
    """A duration like `90s` or `1m30s` in seconds."""
    parts = re.findall(r"([0-9.]+)(ms|s|m|h)", duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise CheckError(
            ("waitFor", f"Invalid Attribute Value: {duration!r} is no duration such as 60s")
        )
    return sum(float(number) * UNITS[unit] for number, unit in parts)


def _look(tailnet: Tailnet, query: dict[str, str]) -> list[Any]:
    answer = tailnet.call("GET", "/devices", query=query)
    if not answer.ok:
        raise ProviderError(reason(answer))
    return list(answer.json["devices"])


def _wanted(arguments: Values) -> tuple[str, str]:
    given = present({name: arguments.get(name) for name in ("name", "hostname")})
    if len(given) != 1:
        count = f"{len(given)} attributes" if given else "No attribute"
        rule = "specified when one (and only one) of [name,hostname] is required"
        raise CheckError(("name", f"Invalid Attribute Combination: {count} {rule}"))
    return next(iter(given.items()))


def get_device(tailnet: Callable[[], Tailnet], call: Call, arguments: Values) -> Values:
    """The device of that name, waited for if told so."""
    key, value = _wanted(arguments)
    wait = arguments.get("waitFor")
    patience = _seconds(wait) if wait else 0.0
    if wait and patience <= SECONDS_BETWEEN_LOOKS:
        text = f"Attribute wait_for duration must be greater than 1 second, got: {wait}"
        raise CheckError(("waitFor", f"Invalid Attribute Value: {text}"))
    deadline = time.monotonic() + patience
    while not (found := _look(tailnet(), {key: value})):
        if time.monotonic() + SECONDS_BETWEEN_LOOKS > deadline or call.cancelled.is_set():
            given_up = f"failed after maximum of retries within {wait}: " if wait else ""
            text = f'{given_up}could not find device with {key}="{value}"'
            raise failure(call, "Failed to fetch devices", text)
        call.cancelled.wait(SECONDS_BETWEEN_LOOKS)
    return {**_shown(found[0]), **present({"waitFor": wait})}


def get_devices(tailnet: Callable[[], Tailnet], call: Call, arguments: Values) -> Values:
    """All devices, or those whose name begins with `namePrefix` and that pass the filters."""
    del call
    query = {f["name"]: ",".join(f["values"]) for f in arguments.get("filters") or []}
    prefix = arguments.get("namePrefix") or ""
    devices = [d for d in _look(tailnet(), query) if d["name"].startswith(prefix)]
    return {**arguments, "devices": [_shown(device) for device in devices], "id": tailnet().name}


def _shown(device: Values) -> Values:
    return {name: device.get(name) for name in SHOWN}
