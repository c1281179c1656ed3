"""What happens to the instance of a server."""

from typing import Any

import pytest

from fks_infra.components.machine import _ONLY_AT_CREATION
from fks_infra.impact import machine_changes
from fks_infra.impact.impact import Action, Effect, Level

MACHINE: dict[str, Any] = {
    "roles": ["auth"],
    "plan": "g6-standard-1",
    "disk": 51200,
    "region": "ca-central",
    "image": "linode/debian13",
    "protected": True,
    "firewall": [],
    "first_boot": "d1",
}
SERVICES = {"auth-postgres": {"volumes": ["b", "a"]}, "edge": {"volumes": []}}


def server(**changes: Any) -> dict[str, Any]:
    return {"machine": {**MACHINE, **changes}, "services": SERVICES, "builds": {"web": {}}}


def effect(**changes: Any) -> Effect:
    (found,) = machine_changes.machine_effects(server(), server(**changes))
    return found


def test_the_same_machine() -> None:
    assert list(machine_changes.machine_effects(server(), server())) == []


def test_a_larger_plan_is_a_resize_without_refusal() -> None:
    found = effect(plan="g6-standard-2", disk=81920)
    assert (found.action, found.level, found.refused) == (Action.RESIZED, Level.DOWNTIME, "")
    assert found.detail == "g6-standard-1 → g6-standard-2, the disk stays"
    assert found.notices == "all who use auth"


def test_a_plan_with_a_smaller_disk_may_be_refused() -> None:
    assert effect(plan="g6-nanode-1", disk=25600).refused == (
        "while the server's disks use more than the 25600 MiB of g6-nanode-1, and without a backup "
        "proved in the last 24 hours, unless fks:acceptDataLoss names the server"
    )


def test_a_move_says_which_data_moves() -> None:
    found = effect(region="eu-central")
    assert (found.action, found.level, found.data) == (Action.MOVED, Level.DOWNTIME, ("a", "b"))
    assert found.detail.startswith("ca-central → eu-central, the disk moves along; copy a backup")
    assert found.refused.startswith("without a backup proved in the last 24 hours")


def test_the_firewall_opens_and_closes() -> None:
    assert effect(firewall=["198.51.100.7/32"]).detail == (
        "SSH on the public address: closed → 198.51.100.7/32"
    )


@pytest.mark.parametrize("name", ["image", "first_boot"])
def test_what_is_for_new_servers_only(name: str) -> None:
    found = effect(**{name: "other"})
    assert (found.part, found.level) == ("first boot", Level.NO_DOWNTIME)


def test_the_program_ignores_what_is_for_new_servers_only() -> None:
    assert {"image", "metadatas", "authorized_keys"} <= set(_ONLY_AT_CREATION)


def test_a_protected_server_with_data_is_not_rebuilt() -> None:
    found = machine_changes.rebuilt(server(), server(plan="g6-standard-2"))
    assert (found.action, found.level, found.data) == (Action.REBUILT, Level.LOSS, ("a", "b"))
    assert found.refused.startswith("while fks:protect is true")
    assert found.detail.endswith("; new: g6-standard-2 in ca-central")


def test_without_protection_a_proved_backup_is_needed() -> None:
    found = machine_changes.rebuilt(server(protected=False), server())
    assert found.refused.startswith("without a backup proved in the last 24 hours")


@pytest.mark.parametrize("protected", [True, False])
def test_a_change_of_the_mode_needs_the_migration(protected: bool) -> None:
    head = {"servers": {"single": server(roles=["auth", "api"])}}
    found = machine_changes.destroyed(server(protected=protected), head)
    assert found.refused.startswith("until fks migrate has moved the data")


def test_a_server_without_data_is_destroyed_without_a_warning() -> None:
    bare = {**server(protected=False), "services": {}}
    head = {"servers": {"single": server(roles=["auth", "api"])}}
    found = machine_changes.destroyed(bare, head)
    assert (found.data, found.refused) == ((), "")
    assert found.detail == "no data on its disk; single takes over auth"


def test_a_new_server_has_its_services_and_builds() -> None:
    found = machine_changes.created(server())
    assert found.detail == "g6-standard-1 in ca-central: auth-postgres, edge, web"
    assert found.level == Level.NO_DOWNTIME
