"""The clouds answer with errors: `up` shows each without a traceback, and the next succeeds."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

INSTANCES = "linode/instances$"


def assert_up_fails(scenario: Scenario, *texts: str) -> None:
    """Run `up`, which must fail and show these texts and no traceback; then clear all faults."""
    outcome = scenario.up()
    scenario.control.clear_faults()
    assert outcome.code != 0
    assert "Traceback" not in outcome.display
    for text in texts:
        assert text in outcome.display


def test_a_rejected_linode_token_creates_nothing(single: Scenario) -> None:
    single.control.fault("linode", status=401, count=100)
    assert_up_fails(single, "401")
    assert single.cloud_counts()["instances"] == 0


def test_an_internal_error_is_shown(single: Scenario) -> None:
    single.control.fault("linode", method="POST", path=INSTANCES, status=500)
    assert_up_fails(single, "500")


def test_a_lost_response_leads_to_no_second_server(single: Scenario) -> None:
    single.control.fault("linode", method="POST", path=INSTANCES, status=502, after=True)
    assert_up_fails(single, "502")
    assert single.cloud_counts()["instances"] == 1


def test_throttling_is_waited_for(single: Scenario) -> None:
    wait = {"Retry-After": "1"}
    single.control.fault("linode", method="POST", path="firewalls", status=429, headers=wait)
    single.control.fault("tailscale", method="GET", path="devices", status=429, headers=wait)
    imported = single.cloud_counts()["instances"]
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert single.unhealthy() is None
    # The server of the lost response was imported without its alerts, which this run sets.
    assert single.up().changes == ({"update": 1} if imported else {})
    assert single.up().changes == {}
    assert single.cloud_counts()["instances"] == 1
