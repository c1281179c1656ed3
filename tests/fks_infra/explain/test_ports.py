"""Ports of services and of host/limits.env."""

import pytest

from fks_infra.explain import ports
from fks_infra.explain.context import Context


@pytest.mark.parametrize("text", ["8000", ":8000"])
def test_a_port_of_a_service(prod: Context, text: str) -> None:
    found = ports.explain(prod, text)
    assert found is not None
    assert "container fks-api-1 of" in found.what
    assert "fks:services.api.port changes it" in found.what


def test_a_port_of_every_server(prod: Context) -> None:
    found = ports.explain(prod, "443")
    assert found is not None
    assert found.what.startswith("EDGE_PORT: HTTPS on the tailnet address")
    assert any(place.startswith("fks_infra/steps/verify.py:") for place in found.depends)
    assert len(found.change) == 3


def test_all_known_ports_are_explained_and_no_others(prod: Context) -> None:
    known = list(ports.known(prod))
    assert {"22", "443", "8000", "9000"} <= set(known)
    assert all(ports.explain(prod, port) for port in known)
    assert ports.explain(prod, "4711") is ports.explain(prod, "api") is None
