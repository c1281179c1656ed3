"""A worker that answers a ping and consumes no queue: it is restarted, and the alert says so."""

from __future__ import annotations

import pytest

from rehearsal.game_day.server_causes import without_queues
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world.http_requests import request
from tests.world.test_alerts import URL, wait_for_alert

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

# Three failed checks of the container, one a minute, and a run of the watch
SECONDS = 420


def test_a_worker_without_queues_is_restarted_and_the_alert_says_so(multi: Scenario) -> None:
    multi.set_secret("fks:alertWebhook", URL)
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert request(multi, "api", "/api/tasks/ping").json["result"] == "pong"
    with without_queues(multi, "api"):
        assert request(multi, "api", "/api/tasks/ping").status == 500
        text = "container api-worker was unhealthy and was restarted"
        wait_for_alert(multi, "api", text, SECONDS)
    wait_until("all services answer", multi.unhealthy, 240)
    assert request(multi, "api", "/api/tasks/ping").json["result"] == "pong"
