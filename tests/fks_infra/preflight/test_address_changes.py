"""Which changes of a server's devices in the tailnet are a new address, and which are not."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fks_infra.clouds.tailscale_device import Device
from fks_infra.preflight.address_changes import AddressChange, address_change
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology
from tests.conftest import Declare, DeclaredProgram

STEP, TAGS = "api-join-wait", frozenset({"tag:fks-api"})
# The mocks give this id to the instance of the server api.
INSTANCE_ID = "1020"
STATE = StateSnapshot(
    labels={(INSTANCE, "fks-prod-api"): INSTANCE_ID},
    stdout={STEP: json.dumps({"address": "100.64.0.4", "host_key": "ssh-ed25519 AAAA"})},
)
OLD = Device(
    id="n4",
    hostname=f"fks-api-{INSTANCE_ID}",
    addresses=("100.64.0.4",),
    tags=TAGS,
    last_seen="2026-11-01T10:00:00Z",
)
OFFLINE = replace(OLD, online=False)
NEW = replace(OLD, id="n5", addresses=("100.64.0.5",))


@pytest.fixture
def change(settings: Callable[..., Any]) -> Callable[..., AddressChange | None]:
    """The change of the server api with these devices in the tailnet."""
    api = plan_topology(settings()).servers[1]

    def build(*devices: Device, state: StateSnapshot = STATE) -> AddressChange | None:
        return address_change(STEP, api, TAGS, state, devices)

    return build


@pytest.mark.parametrize(
    "devices",
    [
        pytest.param((NEW, OFFLINE), id="joined again"),
        pytest.param((NEW,), id="joined again, old device removed"),
        pytest.param((replace(OLD, addresses=("100.64.0.5",)),), id="address changed"),
        pytest.param((replace(NEW, authorized=False), OFFLINE), id="not approved yet"),
        pytest.param((replace(NEW, name="trading"), OFFLINE), id="renamed"),
    ],
)
def test_a_server_that_is_online_elsewhere_has_another_address(
    change: Callable[..., AddressChange | None], devices: tuple[Device, ...]
) -> None:
    found = change(*devices)
    assert found is not None
    assert (found.recorded, found.device.address) == ("100.64.0.4", "100.64.0.5")
    assert "api is now device" in found.notice


@pytest.mark.parametrize(
    "devices",
    [
        pytest.param((OLD,), id="unchanged"),
        pytest.param((OLD, NEW), id="two live devices"),
        pytest.param((OFFLINE,), id="server is off"),
        pytest.param((), id="no device"),
        pytest.param((replace(OLD, name="trading"),), id="renamed by an administrator"),
        pytest.param((replace(OLD, hostname="trading"),), id="another host name"),
        pytest.param((replace(OLD, expires="2026-12-01T00:00:00Z"),), id="key expires"),
        pytest.param((replace(OLD, authorized=False),), id="not approved"),
        pytest.param((OFFLINE, replace(NEW, tags=frozenset())), id="a member's machine"),
        pytest.param((OFFLINE, replace(NEW, online=False)), id="both offline"),
    ],
)
def test_the_address_stays_otherwise(
    change: Callable[..., AddressChange | None], devices: tuple[Device, ...]
) -> None:
    assert change(*devices) is None


def test_a_server_that_never_joined_has_no_change(
    change: Callable[..., AddressChange | None],
) -> None:
    assert change(NEW, state=replace(STATE, stdout={})) is None
    assert change(NEW, state=replace(STATE, labels={})) is None


def run(declare: Declare, *addresses: str) -> DeclaredProgram:
    """The program with a server in the state, and its devices in the tailnet."""
    stdout = STATE.stdout[STEP]
    entries = [
        {"urn": "a::b::i", "type": INSTANCE, "id": INSTANCE_ID}
        | {"outputs": {"label": "fks-prod-api"}},
        {"urn": f"a::b::{STEP}", "type": "command:local:Command", "id": "c"}
        | {"outputs": {"stdout": stdout}},
    ]
    row = {"hostname": f"fks-api-{INSTANCE_ID}", "tags": [*TAGS]}
    return declare(
        state={"deployment": {"resources": [{**entry, "custom": True} for entry in entries]}},
        account={"devices": [{**row, "addresses": [address]} for address in addresses]},
    )


def test_the_join_step_takes_a_new_address_in_place(declare: Declare) -> None:
    program = run(declare, "100.64.0.5")
    step = program.one(STEP)
    assert step.inputs["create"].endswith("--address 100.64.0.5")
    assert list(step.request.ignoreChanges) == []
    assert step.inputs["triggers"] == [INSTANCE_ID]
    assert [text for text in program.warnings if "pulumi up takes the new address" in text]
    assert list(program.one("web-join-wait").request.ignoreChanges) == ["create"]


def test_without_a_new_address_the_join_step_stays_as_it_is(declare: Declare) -> None:
    program = run(declare, "100.64.0.4")
    assert list(program.one(STEP).request.ignoreChanges) == ["create"]
    assert not [text for text in program.warnings if "address" in text]
