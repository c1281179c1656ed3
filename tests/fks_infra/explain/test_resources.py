"""Resources by URN and by name."""

import pytest

from fks_infra.explain import resources
from fks_infra.explain.context import Context

MACHINE = "urn:pulumi:prod::fks::fks:infra:ApiServer$fks:infra:Machine$"
INSTANCE = f"{MACHINE}linode:index/instance:Instance::api-machine-instance"


def test_a_urn_has_type_component_and_what_follows(prod: Context) -> None:
    found = resources.explain(prod, INSTANCE)
    assert found is not None
    assert found.what.endswith("of server api, type linode:index/instance:Instance")
    assert found.made_by == "component Machine"
    assert found.defined[0].startswith("fks_infra/components/machine.py:")
    assert found.depends == ("api-join-wait",)
    assert "api: server: resized, away some minutes, noticed by all who use api" in found.change
    assert "api: server: rebuilt, away some minutes, noticed by all who use api" in found.change


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("web-stack-deploy", "web: edge: configuration reload, away 0 s"),
        ("web-bootstrap-run", "web: bootstrap: host scripts run"),
        ("verify-step", "of fks_infra/components: only pulumi preview shows it"),
    ],
)
def test_a_change_on_its_own_server(prod: Context, name: str, line: str) -> None:
    found = resources.explain(prod, name)
    assert found is not None
    assert any(one.startswith(line) for one in found.change)
    assert not any(one.startswith("api: ") for one in found.change)


def test_every_resource_of_the_chain_has_a_class(prod: Context) -> None:
    for name in resources.known(prod):
        found = resources.explain(prod, name)
        assert found is not None
        assert found.defined, name


def test_no_resource(prod: Context) -> None:
    assert resources.explain(prod, INSTANCE.replace("api-machine", "apl-machine")) is None
