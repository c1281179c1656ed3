"""Devices that could be mistaken for servers."""

from fks_infra.doctor.checks.tailnet_devices import tailnet_devices
from fks_infra.doctor.findings import Verdict
from fks_infra.remote.inventory import Inventory
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, problems, result


def test_the_servers_own_devices_are_ok(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    stand_ins.device("laptop")
    assert (
        result(tailnet_devices, context(inventory)).detail
        == "no device could be mistaken for one of the 3 servers"
    )


def test_the_device_of_a_deleted_server_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    left = stand_ins.device("fks-api-4711", "tag:fks-api")
    (found,) = problems(tailnet_devices, context(inventory))
    assert f"device fks-api-4711 ({left.address}, id n{left.instance_id}CNTRL)" in found.detail
    assert "no server of stack prod; the account of LINODE_TOKEN has no Linode 4711" in found.detail
    page = f"https://login.tailscale.com/admin/machines/{left.address}:"
    assert found.remedy.startswith(f"Unless another account has it: {page}")


def test_after_a_destroy_a_remaining_device_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    stand_ins.device("fks-api-4711", "tag:fks-api")
    assert len(problems(tailnet_devices, context())) == 1


def test_another_stacks_server_is_ok(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    number = stand_ins.linode("fks-dev-single", "fks", "fks-dev")
    stand_ins.device(f"fks-single-{number}", "tag:fks-api", "tag:fks-web")
    assert result(tailnet_devices, context(inventory)).verdict is Verdict.OK


def test_the_remedy_for_a_server_of_an_interrupted_run_is_the_next_run(
    context: MakeContext, stand_ins: StandIns
) -> None:
    number = stand_ins.linode("fks-prod-api", "fks", "fks-prod")
    stand_ins.device(f"fks-api-{number}", "tag:fks-api")
    (found,) = problems(tailnet_devices, context())
    assert found.remedy == "pulumi up --stack prod"


def test_without_linode_the_remedy_has_a_condition(
    context: MakeContext, stand_ins: StandIns
) -> None:
    stand_ins.device("fks-api-4711", "tag:fks-api")
    (found,) = problems(tailnet_devices, context(environ={"LINODE_TOKEN": ""}))
    assert "cannot be read (LINODE_TOKEN is not set)" in found.detail
    assert found.remedy.startswith("If there is no Linode 4711: ")


def test_any_other_machine_with_a_servers_tag_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.device("laptop", "tag:fks-auth")
    (found,) = problems(tailnet_devices, context(inventory))
    assert "device laptop" in found.detail


def test_without_outputs_it_is_unknown(context: MakeContext) -> None:
    assert (
        result(tailnet_devices, context(Inventory(error="no backend"))).verdict is Verdict.UNKNOWN
    )
