"""Faults in the stand-in clouds, and what the operator has switched on and forgotten.

Each lasts for a block. At the end it is undone, also if somebody has repaired it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

# An address of the tailnet's range that no device has.
WRONG_ADDRESS = "100.64.9.9"
_FIELDS = ("name", "type", "ttl", "proxied", "comment", "content")


def power(scenario: Scenario, server: str, *, on: bool) -> None:
    """Boot or shut down a server as Linode's console does, unless it is so already; wait for it."""
    path = f"linode/instances/{scenario.instance(server)}"
    status, request = ("running", "boot") if on else ("offline", "shutdown")

    def other() -> str | None:
        current = str(scenario.control.api("GET", path)["status"])
        return None if current == status else current

    if other():
        scenario.control.api("POST", f"{path}/{request}", {})
    wait_until(f"{server} is {status}", other, 120)


@contextmanager
def shut_down(scenario: Scenario, name: str) -> Iterator[None]:
    """Shut a server down through the Linode API; boot it at the end, and wait until it serves."""
    power(scenario, name, on=False)
    try:
        yield
    finally:
        power(scenario, name, on=True)
        wait_until(f"{name} serves", lambda: scenario.unhealthy(name), 240)


@contextmanager
def deleted(scenario: Scenario, server: str) -> Iterator[None]:
    """Delete a server in Linode's console; nothing here can undo that."""
    scenario.delete_outside(server)
    yield


@contextmanager
def edited_record(scenario: Scenario, label: str = "www") -> Iterator[None]:
    """Point a name to an address that no server has.

    `www` is a name that no server needs, so that no resolver caches a wrong answer.
    """
    path, record = record_of(scenario, label)
    scenario.control.cloudflare("PUT", path, {**record, "content": WRONG_ADDRESS})
    try:
        yield
    finally:
        scenario.control.cloudflare("PUT", path, record)


def record_of(scenario: Scenario, label: str) -> tuple[str, dict[str, Any]]:
    """The path of the A record whose name begins with the label, and its fields."""
    for zone in scenario.control.cloudflare("GET", "zones")["result"]:
        records = f"zones/{zone['id']}/dns_records"
        for one in scenario.control.cloudflare("GET", records)["result"]:
            if one["type"] == "A" and one["name"].startswith(f"{label}."):
                return f"{records}/{one['id']}", {key: one[key] for key in _FIELDS}
    raise LookupError(f"no zone has an A record {label}")


@contextmanager
def locked(scenario: Scenario) -> Iterator[None]:
    """Lock the stack, as a person does who then forgets it."""
    scenario.operator.output(["fks", "lock", "--reason", "a game day"])
    try:
        yield
    finally:
        scenario.operator.output(["fks", "unlock"])


@contextmanager
def in_maintenance(scenario: Scenario, server: str) -> Iterator[None]:
    """Switch maintenance on, as a person does who then forgets it."""
    scenario.operator.output(["fks", "maintenance", "on", server])
    try:
        yield
    finally:
        scenario.operator.output(["fks", "maintenance", "off", server])
