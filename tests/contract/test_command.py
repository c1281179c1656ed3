"""Every recorded scenario of the command provider, replayed against real SSH servers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.contract.harness import Engine
from tests.contract.recordings_dir import load
from tests.contract.replay import Replay
from tests.contract.sshd import Servers, servers

pytestmark = pytest.mark.contract

FAMILIES = ("remoteCommand", "copyToRemote", "localCommand")
WORKERS = 3
RECORDED: dict[str, Any] = load("command")
SCENARIOS = [(family, name) for family in FAMILIES for name in RECORDED[family]]
Running = dict[tuple[str, str], Future[Replay]]


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Real SSH servers."""
    with servers(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture(scope="module")
def replays(engine: Engine, ssh: Servers, request: pytest.FixtureRequest) -> Iterator[Running]:
    """The selected scenarios, several at a time: they mostly wait."""
    here = [item for item in request.session.items if item.path == Path(__file__)]
    selected = [item.callspec.params for item in here if hasattr(item, "callspec")]
    with ThreadPoolExecutor(WORKERS) as pool:
        yield {
            (family, name): pool.submit(
                Replay.create(engine, ssh, family, name, RECORDED[family][name]).run
            )
            for family, name in (param["scenario"] for param in selected if "scenario" in param)
        }


@pytest.mark.parametrize("scenario", SCENARIOS, ids="-".join)
def test_the_scenario_equals_the_recording(replays: Running, scenario: tuple[str, str]) -> None:
    differences = replays[scenario].result().differences
    assert not differences, "\n".join(differences)


def test_all_recorded_scenarios_are_replayed(
    replays: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    good = sum(not running.result().differences for running in replays.values())
    with capsys.disabled():
        print(f"\ncommand: replayed/total {good}/{len(SCENARIOS)}")  # noqa: T201
    assert len(SCENARIOS) == 55 + 10 + 4
    assert good == len(SCENARIOS)
