"""Secrets stay where they belong, from the first preview to a release that tells all it knows."""

from __future__ import annotations

import secrets

import pytest

from rehearsal.world.checks.canaries import canaries, texts
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import secrets_of, shown_in
from tests.world.process_watch import command_lines

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

# What an application prints is in its own log on its server, readable for root alone.
OWN_LOG = "the containers' logs of single"


def feed(scenario: Scenario) -> None:
    """Give the stack the one secret that it does not have by itself: a registry's password."""
    scenario.set_secret("fks:registryPassword", f"canary-{secrets.token_hex(20)}")
    scenario.set('fks:registries["docker.io"]', "canary")


def test_no_secret_is_shown_by_previews_and_up(single: Scenario) -> None:
    single.set("fks:protect", "false")
    feed(single)
    displays = {}
    with command_lines() as seen:
        displays["preview"] = single.operator.pulumi("preview", "--diff").display
        displays["preview as JSON"] = single.operator.stdout(["pulumi", "preview", "--json"])
        outcome = single.up()
        displays["up"] = outcome.display
        displays["second preview"] = single.operator.pulumi("preview", "--diff").display
        displays["doctor"] = single.operator.stdout(["fks", "doctor", "--json"])
    assert outcome.code == 0, outcome.display
    known = secrets_of(single)
    assert len(known) > 15, sorted(known)
    assert any("pulumi up" in line for line in seen)
    assert any("docker compose" in line for line in seen), "the watch sees into the servers"
    shown = {name: shown_in(text, known) for name, text in displays.items()}
    shown["a command line"] = shown_in("\n".join(seen), known)
    assert not any(shown.values()), shown


def test_no_secret_is_kept_where_it_does_not_belong(single: Scenario) -> None:
    for check in canaries(single):
        assert check.ok, check.detail


def test_a_release_that_prints_its_environment_and_dies_shows_no_secret(single: Scenario) -> None:
    single.set("fks:services.api-worker.image", "docker.io/nuniesmith/fks:leaking")
    with command_lines() as seen:
        outcome = single.up()
    assert outcome.code != 0
    known = secrets_of(single)
    told = outcome.display
    assert "REDIS_PASSWORD=***" in told, told
    assert shown_in(told, known) == []
    assert shown_in("\n".join(seen), known) == []
    kept = {where: shown_in(text, known) for where, text in texts(single) if where != OWN_LOG}
    assert not any(kept.values()), kept
    assert all('"healthy"' in answer for answer in single.health().values())
