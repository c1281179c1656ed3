"""No secret appears in displays, command lines or logs, also when an application prints its own."""

from __future__ import annotations

import secrets

import pytest

from rehearsal.world.checks.canaries import canaries, texts
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import CREDENTIALS, secrets_in, secrets_of
from tests.world.process_watch import command_lines

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

# An application's output is in its own log on its server, which only root can read.
OWN_LOG = "the containers' logs of single"
REGISTRY_PASSWORD = "fks:registryPassword"
ALERT_WEBHOOK = "fks:alertWebhook"
BACKUP_KEY = "fks:backupSshKey"
BUNDLE = "fks support-bundle --out /root/b.tar.gz && tar -xOzf /root/b.tar.gz; rm /root/b.tar.gz"


def set_optional_secrets(scenario: Scenario) -> None:
    """Set secrets that a stack does not have by default."""
    scenario.set_secret(REGISTRY_PASSWORD, f"canary-{secrets.token_hex(20)}")
    scenario.set('fks:registries["docker.io"]', "canary")
    scenario.set_secret(BACKUP_KEY, f"canary-{secrets.token_hex(20)}")
    token = f"canary-{secrets.token_hex(20)}"
    scenario.set_secret(ALERT_WEBHOOK, f"https://discord.com/api/webhooks/1/{token}")


def test_no_secret_is_shown_by_previews_and_up(single: Scenario) -> None:
    single.unprotect()
    set_optional_secrets(single)
    displays = {}
    with command_lines() as lines:
        displays["preview"] = single.operator.pulumi("preview", "--diff").display
        displays["preview as JSON"] = single.operator.stdout(["pulumi", "preview", "--json"])
        outcome = single.up()
        displays["up"] = outcome.display
        displays["second preview"] = single.operator.pulumi("preview", "--diff").display
        displays["doctor"] = single.operator.stdout(["fks", "doctor", "--json"])
        displays["status"] = single.operator.stdout(["fks", "status", "--json"])
        displays["logs"] = single.operator.stdout(["fks", "logs", "--units", "--since", "1h"])
        displays["a support bundle"] = single.operator.output(["sh", "-c", BUNDLE])
    assert outcome.code == 0, outcome.display
    assert all(displays.values()), [name for name, text in displays.items() if not text]
    known = secrets_of(single)
    optional = {f"{REGISTRY_PASSWORD}, line 0", f"{ALERT_WEBHOOK}, line 0", f"{BACKUP_KEY}, line 0"}
    assert {*CREDENTIALS, *optional} <= set(known)
    assert len(known) > 15, sorted(known)
    assert any("pulumi up" in line for line in lines)
    assert any("docker compose" in line for line in lines), "no process of a server was sampled"
    shown = {name: secrets_in(text, known) for name, text in displays.items()}
    shown["a command line"] = secrets_in("\n".join(lines), known)
    assert not any(shown.values()), shown


def test_no_secret_is_in_a_place_where_it_does_not_belong(single: Scenario) -> None:
    (check,) = canaries(single)
    assert check.ok, check.detail


def test_a_release_that_prints_its_environment_and_exits_shows_no_secret(single: Scenario) -> None:
    single.set("fks:services.api-worker.image", "docker.io/nuniesmith/fks:leaking")
    with command_lines() as lines:
        outcome = single.up()
    assert outcome.code != 0
    known = secrets_of(single)
    assert "REDIS_PASSWORD=***" in outcome.display, outcome.display
    assert secrets_in(outcome.display, known) == []
    assert secrets_in("\n".join(lines), known) == []
    shown = {place: secrets_in(text, known) for place, text in texts(single) if place != OWN_LOG}
    assert not any(shown.values()), shown
    assert single.unhealthy() is None
