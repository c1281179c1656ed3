"""The drawings show what the program declares."""

import re

import pytest

from fks_infra.documents.diagrams import chain_diagram, servers_diagram
from fks_infra.documents.example import example_settings
from fks_infra.topology.chain import CHAIN
from fks_infra.topology.planning import plan_topology
from tests.conftest import Declare


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_every_service_is_drawn_with_its_limit(mode: str) -> None:
    drawing = servers_diagram(mode)
    for server in plan_topology(example_settings(mode)).servers:
        for service in server.services:
            assert f"{service.name}, {service.memory} MiB" in drawing


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_every_arrow_is_between_things_that_are_drawn(mode: str) -> None:
    drawing = servers_diagram(mode)
    drawn = set(re.findall(r"(\w+)\(?\[", drawing))
    for source, target in re.findall(r"(\w+) -->\|[\d, ]+\| (\w+)", drawing):
        assert {source, target} <= drawn


def test_the_roles_call_one_another_by_the_edges_port() -> None:
    multi = servers_diagram("multi")
    assert "role_web -->|443| edge_api" in multi
    assert "role_api -->|443| edge_auth" in multi
    assert "role_auth -->" not in multi
    assert servers_diagram("single").count("role_web -->|443| edge_single") == 1


def test_the_chain_has_the_dependencies_that_the_program_declares(declare: Declare) -> None:
    world = declare(preview=True)
    for before, after in CHAIN:
        assert before in world.after(after), f"{after} does not depend on {before}"
        assert f"{before.replace('-', '_')} --> {after.replace('-', '_')}" in chain_diagram()
