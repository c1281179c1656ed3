"""Services, by their name or that of their container."""

import pytest

from fks_infra.explain import services
from fks_infra.explain.context import Context
from fks_infra.roles import SERVICES


@pytest.mark.parametrize("text", ["api-postgres", "fks-api-postgres-1"])
def test_a_container_has_role_compose_file_and_dependents(prod: Context, text: str) -> None:
    found = services.explain(prod, text)
    assert found is not None
    assert found.what.startswith("container fks-api-postgres-1 of docker.io/library/postgres:")
    role, compose = found.defined
    assert role.startswith("fks_infra/roles/api.py:")
    assert compose.startswith("compose/api/compose.yaml:")
    assert "service api starts after it" in found.depends
    assert "release of server api" in found.depends


def test_the_entry_of_a_role(prod: Context) -> None:
    found = services.explain(prod, "api")
    assert found is not None
    assert found.depends[0].startswith("the edge passes requests on to it")
    assert "api: api: replaced in turn, away 0 s" in found.change


@pytest.mark.parametrize("name", [service.name for service in SERVICES])
def test_every_service_is_defined_in_two_files(prod: Context, name: str) -> None:
    found = services.explain(prod, name)
    assert found is not None
    assert len(found.defined) == 2
    assert name in services.known(prod)


def test_no_service(prod: Context) -> None:
    assert services.explain(prod, "api-postgrs") is None
