"""`fks cost`, `fks fit`, `fks scale` and `fks explain` of three servers."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest

from rehearsal.world.scenario import Scenario
from tests.world.test_rollback_and_maintenance import current

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

LARGER = "g6-standard-4"


def document(scenario: Scenario, *command: str) -> dict[str, Any]:
    return dict(json.loads(scenario.operator.output(["fks", *command, "--json"])))


def refused(scenario: Scenario, *command: str) -> str:
    """What a command prints that ends with 2 and changes neither setting nor server."""
    before = (state(scenario), current(scenario))
    shown = f"( {' '.join(command)} ) 2>&1; echo code $?"
    text = scenario.operator.output(["sh", "-c", shown])
    assert text.endswith("code 2\n"), text
    assert (state(scenario), current(scenario)) == before
    return " ".join(text.split())


def state(scenario: Scenario) -> tuple[str, str]:
    """The plan of the API's server at the stand-in Linode, and the stack's file."""
    cost = document(scenario, "cost")
    (api,) = (one for one in cost["forecast"]["charges"] if one["label"].endswith("-api"))
    return api["plan"], scenario.operator.output(["cat", "Pulumi.prod.yaml"])


def limit(scenario: Scenario, service: str) -> int:
    """MiB that the container may use."""
    inspect = ("docker", "inspect", "--format", "{{.HostConfig.Memory}}", f"fks-{service}-1")
    return int(scenario.on_server("api", *inspect)) >> 20


def test_cost_with_a_token_has_transfer_and_forecast(servers: Scenario) -> None:
    found = document(servers, "cost")
    assert found["prices"] == "Linode, today"
    assert {mode: one["price"] for mode, one in found["modes"].items()} == {
        "multi": 34.0,
        "single": 48.0,
    }
    assert found["modes"]["multi"]["transfer"] == 6000
    charges = found["forecast"]["charges"]
    assert {one["label"].rpartition("-")[2] for one in charges} == {"auth", "api", "web"}
    assert all(0 < one["dollars"] <= one["dollars_at_end"] for one in charges)
    shown = servers.operator.output(["fks", "cost"])
    assert "multi costs $14 a month less than single." in shown
    sys.stderr.write(shown)


def test_the_copy_of_the_prices_is_refreshed(servers: Scenario) -> None:
    shown = servers.operator.output(["fks", "cost", "--write"])
    assert "fks_infra/config/price_list.json has today's date" in shown


def test_fit_by_measured_peaks(servers: Scenario) -> None:
    for name in ("auth", "api", "web"):
        servers.on_server(name, "systemctl", "start", "fks-watch.service")
    found = document(servers, "fit")["servers"]
    peaks = found["api"]["peaks"]
    assert peaks["samples"] >= 1
    assert peaks["memory"] > 0
    assert peaks["containers"]["api-postgres"] > 0
    plans = {one["plan"]: one for one in found["api"]["plans"]}
    assert plans["g6-nanode-1"]["verdict"] == "does not fit"
    assert plans["g6-standard-2"]["present"]
    assert plans[LARGER]["memory_left"] == 8192 - peaks["memory"]
    sys.stderr.write(servers.operator.output(["fks", "fit", "api"]))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("api", "g6-standrd-4"), "did you mean g6-standard-4?"),
        (("apl", LARGER), "stack prod has no server 'apl'; it has api, auth, web"),
        (("api", "g6-standard-1"), "51200 MiB, and 81920 MiB are in use"),
        (("api", LARGER), "Change api from g6-standard-2"),
    ],
)
def test_refusals_change_nothing(servers: Scenario, command: tuple[str, str], reason: str) -> None:
    # Without a terminal the prompt gets no answer.
    assert reason in refused(servers, "fks", "scale", *command, "</dev/null")


def test_a_locked_stack_is_not_scaled(servers: Scenario) -> None:
    servers.operator.output(["fks", "lock", "--reason", "the database is being restored"])
    assert "is locked by" in refused(servers, "fks", "scale", "api", LARGER, "--yes")
    servers.operator.output(["fks", "unlock"])


def test_scale_up(servers: Scenario) -> None:
    before = limit(servers, "api-postgres")
    others = {name: len(servers.deploy_journal(name)) for name in ("auth", "web")}
    started = time.monotonic()
    shown = servers.operator.output(["fks", "scale", "api", LARGER, "--yes"])
    sys.stderr.write(f"fks scale took {time.monotonic() - started:.0f} s\n{shown}")
    text = " ".join(shown.split())
    assert "resized, off for some minutes: api" in text
    assert "$34 → $58 a month" in text
    assert "api has g6-standard-4. Commit Pulumi.prod.yaml" in text
    assert state(servers)[0] == LARGER
    assert limit(servers, "api-postgres") > before
    assert {name: len(servers.deploy_journal(name)) for name in others} == others
    assert servers.unhealthy() is None


def test_afterwards_only_the_check_of_all_servers_is_left(servers: Scenario) -> None:
    outcome = servers.operator.must_succeed("preview")
    # An update with targets leaves it out: other servers may not have the checkout's release.
    assert outcome.changes == {"update": 1}, outcome.display
    assert "command:local:Command verify-step update" in outcome.display
    again = servers.operator.output(["fks", "scale", "api", LARGER, "--yes"])
    assert again.startswith("Nothing changes: api has g6-standard-4.")


def test_scale_goes_on_after_an_interrupted_one(servers: Scenario) -> None:
    """The setting is there, and the server has its old plan."""
    servers.set("fks:plan.web", "g6-standard-1")
    shown = servers.operator.output(["fks", "scale", "web", "g6-standard-1", "--yes"])
    assert "web has g6-standard-1." in " ".join(shown.split())
    assert servers.unhealthy() is None
