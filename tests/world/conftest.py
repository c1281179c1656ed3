"""One world for the whole session; the tests of a module run in order on one stack."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from rehearsal.world import logs
from rehearsal.world import world as worlds
from rehearsal.world.cloud_control import CloudControl
from rehearsal.world.scenario import Scenario
from rehearsal.world.world import World


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the logs of a test that failed: its module's servers are destroyed afterwards."""
    report = yield
    scenarios = [
        value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Scenario)
    ]
    if report.when == "call" and report.failed and scenarios and logs.VARIABLE in os.environ:
        name = re.sub(r"[^\w.-]", "-", item.nodeid)
        try:
            logs.collect(scenarios[0], Path(os.environ[logs.VARIABLE]) / name)
        except Exception as error:  # noqa: BLE001 - the test's own failure is the one to show
            report.sections.append(("world's logs", f"not kept: {error}"))
    return report


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A new world, removed at the end; every request must have been known to a stand-in."""
    client = worlds.prepare()
    worlds.stop(client, keep_cache=True)
    running = worlds.start(client)
    yield running
    unknown = CloudControl(running.operator).unknown()
    worlds.stop(client, keep_cache=True)
    assert unknown == [], f"requests that no stand-in implements: {unknown}"


@pytest.fixture(scope="module")
def multi(world: World) -> Iterator[Scenario]:
    """The stack `prod`: three servers."""
    with Scenario.create(world, "prod") as scenario:
        yield scenario


@pytest.fixture(scope="module")
def servers(multi: Scenario) -> Scenario:
    """Three servers that serve."""
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    return multi


@pytest.fixture(scope="module")
def single(world: World) -> Iterator[Scenario]:
    """The stack `dev`: one server with all roles."""
    with Scenario.create(world, "dev") as scenario:
        yield scenario


@pytest.fixture
def fresh_single(single: Scenario) -> Scenario:
    """The stack `dev`, empty and without protection, also after a failed test."""
    return _emptied(single)


@pytest.fixture
def fresh_multi(multi: Scenario) -> Scenario:
    """The stack `prod`, empty and without protection, also after a failed test."""
    return _emptied(multi)


def _emptied(scenario: Scenario) -> Scenario:
    scenario.clear()
    scenario.set("fks:protect", "false")
    return scenario
