"""Alerts at the stand-in of Discord: a test message, a webhook, a worker and a server that fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.game_day.cloud_causes import shut_down
from rehearsal.game_day.server_causes import frozen
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1200)]

URL = "https://discord.com/api/webhooks/1/rehearsal-canary"
PROGRAMS = "/usr/local/lib/fks/current/bin"
# Moves the start of all problems ten minutes back.
AGE = """
import json, pathlib
file = pathlib.Path("/var/lib/fks/watch.json")
state = json.loads(file.read_text())
for one in state["history"]["problems"].values():
    one["since"] -= 600
file.write_text(json.dumps(state))
"""


def descriptions(scenario: Scenario, server: str) -> list[str]:
    """The texts of all alerts of a server so far."""
    found: list[dict[str, Any]] = scenario.control.state("webhook")["messages"]
    assert all(one["host"] == "discord.com" for one in found)
    embeds = [embed for one in found for embed in one["message"]["embeds"]]
    return [one["description"] for one in embeds if one["title"].startswith(f"fks-{server}-")]


def wait_for_alert(scenario: Scenario, server: str, text: str, seconds: float) -> None:
    """Wait until an alert of the server contains the text."""

    def missing() -> str | None:
        found = descriptions(scenario, server)
        return None if any(text in one for one in found) else f"alerts so far: {found}"

    wait_until(f"{server} sends an alert with {text!r}", missing, seconds)


def problems(scenario: Scenario, server: str) -> dict[str, Any]:
    """The problems that the last run found, by key."""
    state = json.loads(scenario.on_server(server, "cat", "/var/lib/fks/watch.json"))
    return dict(state["history"]["problems"])


def test_a_test_message_arrives(multi: Scenario) -> None:
    multi.unprotect()
    multi.set_secret("fks:alertWebhook", URL)
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    multi.on_server("web", f"{PROGRAMS}/alert", "--test")
    assert any("this is a test" in one for one in descriptions(multi, "web"))


def test_an_alert_waits_while_the_webhook_is_down_and_nothing_else_fails(multi: Scenario) -> None:
    multi.control.fault("webhook", status=503, path="/webhooks/", count=1000)
    multi.on_server("web", "docker", "kill", "fks-edge-1")
    state = containers.watch(multi, "web")
    assert state["delivery"]["error"] == "status 503"
    (event,) = state["history"]["events"]
    assert "container edge had ended with exit code 137 and was restarted" in event
    assert "failed" not in multi.on_server("web", "systemctl", "show", "-p", "Result", "fks-watch")
    containers.wait_until_healthy(multi, "web", "fks-edge-1", 60)
    multi.control.clear_faults()
    wait_for_alert(multi, "web", event, 240)


def test_a_worker_that_hangs_is_restarted_and_the_alert_says_so(multi: Scenario) -> None:
    with frozen(multi, "api", "fks-api-worker-1"):
        text = "container api-worker was unhealthy and was restarted"
        wait_for_alert(multi, "api", text, 420)
    wait_until("the worker is healthy", multi.unhealthy, 240)


def test_a_server_that_is_down_is_reported_by_those_that_call_it(multi: Scenario) -> None:
    def unseen() -> str | None:
        return None if "answer auth" in problems(multi, "web") else "web has not noticed it"

    with shut_down(multi, "auth"):
        wait_until("web notices that auth does not answer", unseen, 240)
        multi.on_server("web", "python3", "-c", AGE)
        wait_for_alert(multi, "web", "/health/deep", 240)
    wait_for_alert(multi, "web", "RECOVERED", 420)


def test_the_url_is_in_no_journal_and_no_process_list(multi: Scenario) -> None:
    for server in ("auth", "api", "web"):
        shown = multi.on_server(
            server, "sh", "-c", "journalctl --no-pager; ps axww; cat /var/log/fks/*"
        )
        assert "rehearsal-canary" not in shown
        mode = multi.on_server(server, "stat", "-c", "%a %U", "/etc/fks/alert-webhook")
        assert mode.strip() == "600 root"
