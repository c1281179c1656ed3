"""Faults of a server during a deploy: the release in service serves after each of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from rehearsal.game_day.server_causes import script, small
from rehearsal.world.operator import Outcome
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world.faults import LOG, RESTART_DOCKER, fill, when_logged

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

BROKEN = "docker.io/nuniesmith/fks:broken"
PROJECT = "label=com.docker.compose.project=fks"
UP = r"\$ docker compose .* up "
ROLLBACK = "rolling back to the previous release"
NAME, STATE, SERVICE = "{{.Names}}", "{{.State}}", '{{.Label "com.docker.compose.service"}}'
_memory = count(129)


def change(scenario: Scenario) -> None:
    """Change a plain setting of one service."""
    scenario.set("fks:services.api-cache.memory", str(next(_memory)))


def last_deploy(scenario: Scenario) -> dict[str, Any]:
    """Return the newest entry of the deploy journal."""
    return dict(json.loads(scenario.deploy_journal("single")[-1]))


def assert_serves(scenario: Scenario) -> None:
    """Every service answers, and each has one running container under its own name."""
    wait_until("all services answer", scenario.unhealthy, 120)
    listed = f"docker ps -a --filter {PROJECT} --format '{NAME} {STATE} {SERVICE}'"
    for line in script(scenario, listed).splitlines():
        name, state, service = line.split()
        assert (name, state) == (f"fks-{service}-1", "running")


@contextmanager
def broken_image(scenario: Scenario) -> Iterator[None]:
    """Set an image whose container exits at once."""
    scenario.set("fks:services.edge.image", BROKEN)
    yield
    scenario.unset("fks:services.edge.image")


def assert_rolled_back(scenario: Scenario, outcome: Outcome) -> None:
    """The deploy failed in `up`, and the release before it is in service."""
    assert outcome.code != 0
    entry = last_deploy(scenario)
    assert [step["name"] for step in entry["steps"]][-1] == "up"
    assert entry["rollback"]["result"] == "ok", entry
    assert f"release {entry['previous'][:12]} is in service" in outcome.display
    assert_serves(scenario)


def test_a_release_that_dies_is_rolled_back_while_the_log_is_full(single: Scenario) -> None:
    single.unprotect()
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    with broken_image(single), small(single, "/var/log/fks"):
        with when_logged(single, UP, fill("/var/log/fks")):
            outcome = single.up()
        assert_rolled_back(single, outcome)
    assert "docker compose up exited with 1" in outcome.display
    assert f"{LOG} cannot be written: No space left on device" in outcome.display


@pytest.mark.parametrize(
    ("directory", "keep"), [("/var/lib/fks", "incoming"), ("/opt/fks/releases", "")]
)
def test_a_full_file_system_is_an_error_before_anything_changes(
    single: Scenario, directory: str, keep: str
) -> None:
    containers = f"docker ps --quiet --no-trunc --filter {PROJECT}"
    before = script(single, containers)
    change(single)
    with small(single, directory, keep):
        script(single, f"head -c 12M /dev/zero >{directory}/fill")
        outcome = single.up()
    assert outcome.code != 0
    full = rf"{directory}: No space left on device, \d MiB free, \d MiB needed: delete files"
    assert re.search(full, outcome.display), outcome.display
    assert script(single, containers) == before
    assert_serves(single)


def test_a_half_made_container_is_removed(single: Scenario) -> None:
    labels = (
        "project=fks service=api-cache container-number=1 oneoff=False config-hash=0 replace=$id"
    )
    create = "id=$(docker inspect -f {{.Id}} fks-api-cache-1); options=(); "
    create += f"for label in {labels}; do options+=(--label com.docker.compose.$label); done; "
    create += "image=$(docker inspect -f {{.Image}} fks-api-cache-1); "
    create += 'docker create --name "${id:0:12}_fks-api-cache-1" "${options[@]}" "$image"'
    script(single, create)
    change(single)
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    (up,) = [step for step in last_deploy(single)["steps"] if step["name"] == "up"]
    assert re.search("unusable ones removed: [0-9a-f]{12}_fks-api-cache-1$", up["note"])
    assert_serves(single)


def test_what_was_changed_by_hand_is_repaired(single: Scenario) -> None:
    script(
        single,
        "docker stop fks-api-worker-1; docker pause fks-api-beat-1; "
        "docker stop fks-auth-server-1 fks-auth-worker-1 fks-auth-postgres-1; "
        "docker rename fks-auth-worker-1 renamed; docker network rm fks_auth-services; "
        "image=$(docker inspect -f {{.Image}} fks-api-cache-1); "
        "docker rm --force fks-api-cache-1 fks-api-queue-1; docker image rm --force $image",
    )
    change(single)
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert_serves(single)


def test_the_engine_restarts_while_images_are_pulled(single: Scenario) -> None:
    single.set("fks:services.api-cache.refresh", "again")
    with when_logged(single, r"\$ docker compose .* pull ", RESTART_DOCKER):
        outcome = single.up()
    assert outcome.code == 0 or "pull" in str(last_deploy(single)["error"])
    assert_serves(single)


def test_the_engine_restarts_during_the_probes(single: Scenario) -> None:
    change(single)
    with when_logged(single, "^[^ ]+ nginx +ok", RESTART_DOCKER):
        outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert_serves(single)


def test_the_engine_restarts_during_up_and_during_the_rollback(single: Scenario) -> None:
    restart = f"sleep 1; {RESTART_DOCKER}"
    with (
        broken_image(single),
        when_logged(single, UP, restart),
        when_logged(single, ROLLBACK, restart),
    ):
        outcome = single.up()
    assert_rolled_back(single, outcome)
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert_serves(single)
