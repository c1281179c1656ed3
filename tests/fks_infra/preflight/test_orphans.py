"""Resources that an interrupted run or somebody in the console left: imported or an error."""

from typing import Any

import pytest

from fks_infra.errors import OperatorError
from tests.conftest import Declare

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
KEY = "tailscale:index/tailnetKey:TailnetKey"
STEP = "command:local:Command"
OURS = ["fks", "fks-prod"]


def account(**tags: list[str]) -> dict[str, Any]:
    """An account with an instance and a firewall for each server, with these tags."""
    rows = [
        {"id": 4000 + number, "label": f"fks-prod-{server}", "tags": kept}
        for number, (server, kept) in enumerate(tags.items())
    ]
    return {"instances": rows, "firewalls": rows}


def state(*rows: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """A state with resources of (type, name, id)."""
    resources = [
        {"urn": f"urn:pulumi:prod::fks::{kind}::{name}", "custom": True, "type": kind, "id": ident}
        | {"outputs": {"label": "fks-prod-web"}}
        | more
        for kind, name, ident in rows
    ]
    return {"deployment": {"resources": resources}}


def test_a_resource_that_the_state_does_not_have_is_imported(declare: Declare) -> None:
    program = declare(account=account(web=OURS))
    assert program.one("web-machine-instance").request.importId == "4000"
    assert program.one("web-machine-firewall").request.importId == "4000"
    assert program.one("api-machine-instance").request.importId == ""


def test_a_resource_that_the_state_has_is_not_imported(declare: Declare) -> None:
    known = state((INSTANCE, "web-machine-instance", "4000"), (FIREWALL, "f", "4000"))
    program = declare(account=account(web=OURS), state=known)
    assert program.one("web-machine-instance").request.importId == ""
    assert program.one("web-machine-firewall").request.importId == ""


def test_an_unrecorded_replacement_gets_another_name(declare: Declare) -> None:
    known = state((INSTANCE, "web-machine-instance", "3999"), pendingReplacement=True)
    program = declare(account=account(web=OURS), state=known)
    assert program.one("web-machine-instance-adopted").request.importId == "4000"


def test_a_label_of_a_foreign_resource_is_an_error(declare: Declare) -> None:
    with pytest.raises(OperatorError, match="'fks-prod-web' is taken: Linode 4000 has it"):
        declare(account=account(web=["fks"]))


def test_a_key_without_its_server_is_replaced(declare: Declare) -> None:
    known = state((KEY, "web-machine-tailnet-key", "k1"), replacementTrigger=0)
    program = declare(state=known)
    trigger = program.one("web-machine-tailnet-key").request.replacement_trigger.string_value
    assert trigger.startswith("0 at ")
    assert program.one("api-machine-tailnet-key").request.replacement_trigger.number_value == 0


@pytest.mark.parametrize("running", [True, False])
def test_the_device_of_a_deleted_server_can_be_replaced(declare: Declare, running: bool) -> None:
    known = state((STEP, "api-join-device", "j1"))
    program = declare(account=account(api=OURS) if running else account(), state=known)
    assert program.one("api-join-device").request.protect is running
    assert program.one("auth-join-device").request.protect is True
