"""The clouds say no: each refusal is named, without a traceback, and the next `up` mends it."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

INSTANCES = "linode/instances$"


def refused(scenario: Scenario, *words: str) -> None:
    """Run `up`, which must fail with all these words and no traceback."""
    outcome = scenario.up()
    scenario.control.clear_faults()
    assert outcome.code != 0
    assert "Traceback" not in outcome.display
    for word in words:
        assert word in outcome.display


def test_a_refused_linode_token_creates_nothing(single: Scenario) -> None:
    single.control.fault("linode", status=401, count=100)
    refused(single, "401")
    assert single.cloud_counts()["instances"] == 0


def test_an_internal_error_in_the_middle_is_named(single: Scenario) -> None:
    single.control.fault("linode", method="POST", path=INSTANCES, status=500)
    refused(single, "500")


def test_an_answer_that_was_lost_leaves_no_second_server(single: Scenario) -> None:
    single.control.fault("linode", method="POST", path=INSTANCES, status=502, after=True)
    refused(single, "502")
    assert single.cloud_counts()["instances"] == 1


def test_throttling_is_waited_for(single: Scenario) -> None:
    wait = {"Retry-After": "1"}
    single.control.fault("linode", method="POST", path="firewalls", status=429, headers=wait)
    single.control.fault("tailscale", method="GET", path="devices", status=429, headers=wait)
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert all('"healthy"' in answer for answer in single.health().values())
    assert single.up().changes == {}
    assert single.cloud_counts()["instances"] == 1
