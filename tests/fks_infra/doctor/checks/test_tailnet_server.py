"""The devices of one server: what is wrong, which device it is, and what to do."""

from typing import Any

import pytest

from fks_infra.doctor.checks.tailnet_devices import tailnet_devices
from fks_infra.doctor.findings import Verdict
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, problems, result

PAGE = "https://login.tailscale.com/admin/machines"
OFFLINE: dict[str, Any] = {"connected": False, "last_seen": "2026-11-01T10:00:00Z"}


def rejoined(stand_ins: StandIns, server: DeployedServer, *tags: str) -> DeployedServer:
    """Let another device join under a server's name."""
    return stand_ins.device(f"fks-{server.name}-{server.instance_id}", *tags)


def test_a_server_that_came_back_with_another_address_is_kept_and_the_old_device_removed(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    api = inventory.servers[1]
    stand_ins.change(api, **OFFLINE)
    new = rejoined(stand_ins, api, "tag:fks-api")
    found = result(tailnet_devices, context(inventory))
    assert found.verdict is Verdict.PROBLEM
    assert f"api is now device fks-api-{api.instance_id}-1 ({new.address}," in found.detail
    assert f"({api.address}, id n" in found.detail
    assert "offline since 2026-11-01T10:00:00Z)" in found.detail
    assert found.remedy.startswith("pulumi up --stack prod takes the new address")
    assert f"then {PAGE}/{api.address}: Remove (id n" in found.remedy
    assert f"{PAGE}/{new.address}" not in found.remedy


def test_an_address_that_an_administrator_changed_is_taken_by_the_next_run(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    api = inventory.servers[1]
    stand_ins.change(api, addresses=["100.64.9.9"])
    found = result(tailnet_devices, context(inventory))
    assert f"still has {api.address}, without a device" in found.detail
    assert found.remedy == "pulumi up --stack prod takes the new address and keeps the disk"


def test_after_the_new_address_was_taken_the_old_device_is_a_warning(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    api = inventory.servers[1]
    old = rejoined(stand_ins, api, "tag:fks-api")
    stand_ins.change(old, **OFFLINE)
    found = result(tailnet_devices, context(inventory))
    assert found.verdict is Verdict.WARNING
    assert f"has the name of api, which is at {api.address}" in found.detail
    assert found.remedy == f"{PAGE}/{old.address}: Remove (id n{old.instance_id}CNTRL)"


@pytest.mark.parametrize("tags", [("tag:fks-api",), ()])
def test_of_two_live_devices_the_one_that_is_not_the_server_is_to_be_removed(
    context: MakeContext, stand_ins: StandIns, tags: tuple[str, ...]
) -> None:
    inventory = stand_ins.deploy()
    api = inventory.servers[1]
    other = rejoined(stand_ins, api, *tags)
    (found,) = problems(tailnet_devices, context(inventory))
    assert f"({other.address}, id n{other.instance_id}CNTRL) is online with the name of api" in (
        found.detail
    )
    assert f"the stack has device fks-api-{api.instance_id} ({api.address}, id n" in found.detail
    assert "tailscale ip -4 on the server" in found.remedy
    assert f"If it is {api.address}: {PAGE}/{other.address}: Remove" in found.remedy
    assert f"If it is {other.address}: {PAGE}/{other.address}: Edit ACL tags" in found.remedy


def test_a_device_with_a_servers_name_and_a_suffix_is_a_duplicate(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.device(f"fks-api-{inventory.servers[1].instance_id}-1")
    assert "online with the name of api" in result(tailnet_devices, context(inventory)).detail


def test_a_device_that_an_administrator_renamed_is_still_its_server(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.change(inventory.servers[1], name="trading")
    assert result(tailnet_devices, context(inventory)).verdict is Verdict.OK


def test_a_server_with_another_host_name_gets_its_own_back_and_is_not_removed(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    api = inventory.servers[1]
    stand_ins.change(api, hostname="trading", name="trading")
    found = result(tailnet_devices, context(inventory))
    assert "is api and has the host name trading" in found.detail
    hostname = f"fks-api-{api.instance_id}"
    assert found.remedy == f"On the server: sudo tailscale set --hostname={hostname}"


def test_a_device_that_is_not_approved_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.change(inventory.servers[1], authorized=False)
    (found,) = problems(tailnet_devices, context(inventory))
    assert "waits for approval" in found.detail
    assert found.remedy == f"{PAGE}/{inventory.servers[1].address}: Approve"


@pytest.mark.parametrize(
    ("created", "verdict", "text"),
    [
        ("2999-01-01T00:00:00Z", Verdict.WARNING, "then api leaves the tailnet"),
        ("2020-01-01T00:00:00Z", Verdict.PROBLEM, "expired at 2020-06-29"),
    ],
)
def test_a_key_that_expires_is_reported(
    context: MakeContext, stand_ins: StandIns, created: str, verdict: Verdict, text: str
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.change(inventory.servers[1], key_expires=True, created=created)
    found = result(tailnet_devices, context(inventory))
    assert found.verdict is verdict
    assert text in found.detail
    assert found.remedy == f"{PAGE}/{inventory.servers[1].address}: Disable key expiry"


def test_a_server_without_a_device_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    stand_ins.change(inventory.servers[1], addresses=["100.64.9.9"], hostname="x", name="x")
    found, other = problems(tailnet_devices, context(inventory))
    assert "api has no device in the tailnet" in found.detail
    assert "docs/operations.md" in found.remedy
    assert "device x" in other.detail


def test_a_server_without_its_roles_tag_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    (found,) = problems(tailnet_devices, context(stand_ins.deploy(), tailnetTag="tag:shop"))[:1]
    assert "is auth and lacks tag:shop-auth" in found.detail
    assert found.remedy.endswith("Edit ACL tags: add tag:shop-auth")
