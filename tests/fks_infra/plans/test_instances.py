"""The instance of a server in the state."""

import json

from fks_infra.plans.instances import outputs

URN = "urn:pulumi:prod::fks::fks:infra:ApiServer$fks:infra:Machine$linode:index/instance:Instance::"


def state(*resources: dict[str, object]) -> str:
    return json.dumps({"deployment": {"resources": resources}})


def test_the_outputs_of_the_one_that_is_not_being_deleted() -> None:
    name = f"{URN}api-machine-instance"
    old: dict[str, object] = {"urn": name, "delete": True, "outputs": {"type": "old"}}
    new: dict[str, object] = {"urn": name, "outputs": {"type": "new"}}
    found = outputs(state(old, new), "api")
    assert found == {"type": "new"}


def test_no_such_server() -> None:
    other: dict[str, object] = {"urn": f"{URN}api-machine-instance", "outputs": {"type": "new"}}
    assert outputs(state(other), "web") == outputs("{}", "web") == {}
