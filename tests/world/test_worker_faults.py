"""A worker that answers a ping and consumes no queue: it is restarted, and the alert says so."""

from __future__ import annotations

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world.http_requests import request
from tests.world.test_alerts import URL, wait_for_alert

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

QUEUES = ("celery", "default", "trading", "analysis", "model_training")
CELERY = ("/bin/sh", "/fks/with-secrets.sh", "python", "-m", "celery", "-A", "app.celery")
# Three failed checks of the container, one a minute, and a run of the watch
SECONDS = 420


def test_a_worker_without_queues_is_restarted_and_the_alert_says_so(multi: Scenario) -> None:
    multi.set_secret("fks:alertWebhook", URL)
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert request(multi, "api", "/api/tasks/ping").json["result"] == "pong"
    for queue in QUEUES:
        multi.in_service("api", "api-worker", *CELERY, "control", "cancel_consumer", queue)
    assert request(multi, "api", "/api/tasks/ping").status == 500
    wait_for_alert(multi, "api", "container api-worker was unhealthy and was restarted", SECONDS)
    wait_until("all services answer", multi.unhealthy, 240)
    assert request(multi, "api", "/api/tasks/ping").json["result"] == "pong"
