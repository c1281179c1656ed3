"""The tests of every cloud's recordings. A module has a CLOUD and a subclass with the total."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tests.contract.scenario import Cloud, Replays


class Replayed:
    """One test for each recorded scenario of the module's CLOUD, and one that all were run."""

    total: ClassVar[int]

    def test_the_scenario_equals_the_recording(self, replays: Replays, scenario: str) -> None:
        differences = replays[scenario].result()
        assert not differences, "\n".join(differences)

    def test_all_recorded_scenarios_are_replayed(
        self, replays: Replays, cloud: Cloud, capsys: pytest.CaptureFixture[str]
    ) -> None:
        good = sum(not running.result() for running in replays.values())
        total = len(cloud.scenarios())
        with capsys.disabled():
            print(f"\n{cloud.name}: replayed/total {good}/{total}")  # noqa: T201
        assert good == total == self.total
