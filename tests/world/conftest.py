"""One world for the whole session; the stories in it run in order and clean up after themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.world import world as worlds
from rehearsal.world.cloud_control import CloudControl
from rehearsal.world.scenario import Scenario
from rehearsal.world.world import World


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A fresh world, taken away at the end; nothing of it may be left."""
    client = worlds.prepare()
    worlds.stop(client, keep_cache=True)
    there = worlds.start(client)
    yield there
    unknown = CloudControl(there.operator).unknown()
    worlds.stop(client, keep_cache=True)
    assert unknown == [], f"requests no stand-in knows: {unknown}"


@pytest.fixture(scope="module")
def multi(world: World) -> Iterator[Scenario]:
    """The stack `prod`: three servers."""
    with Scenario.create(world, "prod") as scenario:
        yield scenario


@pytest.fixture(scope="module")
def single(world: World) -> Iterator[Scenario]:
    """The stack `dev`: one server with all roles."""
    with Scenario.create(world, "dev") as scenario:
        yield scenario


@pytest.fixture
def fresh_single(single: Scenario) -> Scenario:
    """The stack `dev` with nothing in it and without protection, also after a failed test."""
    return _fresh(single)


@pytest.fixture
def fresh_multi(multi: Scenario) -> Scenario:
    """The stack `prod` with nothing in it and without protection, also after a failed test."""
    return _fresh(multi)


def _fresh(scenario: Scenario) -> Scenario:
    scenario.clear()
    scenario.set("fks:protect", "false")
    return scenario
