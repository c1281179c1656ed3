"""The document about a checkout."""

import json
from typing import Any

import pytest

from fks_infra.components.dns_records import record_specs
from fks_infra.config.plans import PLANS
from fks_infra.errors import OperatorError
from fks_infra.impact import stack_file
from fks_infra.impact.inventory import FORMAT, empty, inventory
from fks_infra.topology.names import host_names


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return inventory("prod")


def test_it_has_the_servers_with_their_services(found: dict[str, Any]) -> None:
    assert found["format"] == FORMAT
    assert list(found["servers"]) == ["auth", "api", "web"]
    api = found["servers"]["api"]
    assert api["machine"]["dollars"] == PLANS["g6-standard-2"].price
    assert api["services"]["api"]["image"] == "docker.io/nuniesmith/fks:api-latest"
    assert api["services"]["api-beat"]["group"] == ""
    assert api["services"]["api-2"]["group"] == "api"
    assert "db-backup" not in api["services"]
    assert "nginx/vhosts/api.conf.template" in api["files"]["nginx"]
    assert list(api["files"]["settings"]) == ["release.env", "release.json"]


def test_every_planned_service_has_its_definition() -> None:
    # Three of auth, seven of api, an edge for each server.
    for stack, expected in (("prod", 3 + 7 + 3), ("dev", 3 + 7 + 1)):
        servers = inventory(stack)["servers"].values()
        assert sum(len(server["services"]) for server in servers) == expected


def test_the_records_are_those_that_pulumi_declares(found: dict[str, Any]) -> None:
    specs = record_specs(host_names("fkstrading.xyz", ["www"]), "prod", "letsencrypt.org")
    expected = {spec.resource: (spec.type, spec.name) for spec in specs}
    records = found["records"].items()
    assert {name: (one["type"], one["name"]) for name, one in records} == expected


def test_it_is_the_same_each_time(found: dict[str, Any]) -> None:
    assert json.dumps(inventory("prod")) == json.dumps(found)


def test_the_empty_one_has_the_same_keys(found: dict[str, Any]) -> None:
    assert set(empty("prod")) == set(found)


def test_a_plan_that_the_copy_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"fks:domain": "example.org", "fks:plan": {"web": "g9-new-1"}}
    monkeypatch.setattr(stack_file, "_config", lambda _root, _stack: config)
    with pytest.raises(OperatorError, match=r"fks:plan.web is 'g9-new-1', which the copy of"):
        inventory("prod")
