"""Devices that pass for servers."""

from collections.abc import Callable

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.tailnet_devices import devices
from fks_infra.doctor.findings import Verdict
from fks_infra.doctor.inventory import Inventory
from tests.fks_infra.doctor.conftest import World, look, one, problems


def test_the_servers_own_devices_are_right(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    world.device("laptop")
    assert one(devices, case(inventory)).detail == "none passes for one of the 3 servers"


def test_a_server_without_its_roles_tag_is_out_of_the_policys_reach(
    case: Callable[..., Case], world: World
) -> None:
    (seen,) = problems(look(devices, case(world.deploy(), tailnetTag="tag:shop")))[:1]
    assert "is auth and lacks tag:shop-auth" in seen.detail
    assert seen.remedy.endswith("Edit ACL tags: add tag:shop-auth")


def test_what_is_left_of_a_server_is_a_problem(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    left = world.device("fks-api-4711", "tag:fks-api")
    (seen,) = problems(look(devices, case(inventory)))
    assert f"device fks-api-4711 ({left.address}, id n{left.instance_id}CNTRL)" in seen.detail
    assert "no server of stack prod; the account of LINODE_TOKEN has no Linode 4711" in seen.detail
    page = f"https://login.tailscale.com/admin/machines/{left.address}:"
    assert seen.remedy.startswith(f"Unless another account has it: {page}")


def test_after_a_destroy_what_is_left_is_found_too(case: Callable[..., Case], world: World) -> None:
    world.device("fks-api-4711", "tag:fks-api")
    assert len(problems(look(devices, case()))) == 1


def test_another_stacks_server_is_left_alone(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    number = world.linode("fks-dev-single", "fks", "fks-dev")
    world.device(f"fks-single-{number}", "tag:fks-api", "tag:fks-web")
    assert one(devices, case(inventory)).verdict is Verdict.OK


def test_a_server_an_interrupted_run_left_is_for_the_next_run(
    case: Callable[..., Case], world: World
) -> None:
    number = world.linode("fks-prod-api", "fks", "fks-prod")
    world.device(f"fks-api-{number}", "tag:fks-api")
    (seen,) = problems(look(devices, case()))
    assert seen.remedy == "pulumi up --stack prod"


def test_where_linode_cannot_be_asked_the_remedy_is_careful(
    case: Callable[..., Case], world: World
) -> None:
    world.device("fks-api-4711", "tag:fks-api")
    (seen,) = problems(look(devices, case(environ={"LINODE_TOKEN": ""})))
    assert "cannot be told (LINODE_TOKEN is not set)" in seen.detail
    assert seen.remedy.startswith("If there is no Linode 4711: ")


def test_any_other_machine_with_a_servers_tag_is_a_problem(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    world.device("laptop", "tag:fks-auth")
    (seen,) = problems(look(devices, case(inventory)))
    assert "device laptop" in seen.detail


def test_a_double_of_a_server_is_a_problem(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    api = inventory.servers[1]
    double = world.device(f"fks-api-{api.instance_id}", "tag:fks-api")
    (seen,) = problems(look(devices, case(inventory)))
    assert f"device fks-api-{api.instance_id}-1 ({double.address}" in seen.detail
    assert f"is named like api, which is at {api.address}" in seen.detail


def test_a_suffix_betrays_a_double_whatever_its_host_name(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    world.device(f"fks-api-{inventory.servers[1].instance_id}-1")
    assert "is named like api" in one(devices, case(inventory)).detail


def test_without_outputs_it_cannot_be_told(case: Callable[..., Case]) -> None:
    assert one(devices, case(Inventory(unread="no backend"))).verdict is Verdict.UNKNOWN
