"""The life of three servers, in order: create, unchanged, change, faults, recover, destroy."""

from __future__ import annotations

import pytest

from rehearsal.world.checks import CHECK_STEPS
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")
# The user agents of all clients of Cloudflare except certbot's on the servers.
NOT_CERTBOT = "(?!python-cloudflare).*"


def test_up_creates_three_healthy_servers(multi: Scenario) -> None:
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert {row["name"] for row in multi.operator.servers()} == set(SERVERS)
    assert len(multi.health()) >= len(SERVERS)
    assert multi.unhealthy() is None


def test_a_second_up_changes_nothing_and_opens_no_connection(multi: Scenario) -> None:
    with multi.counted() as cost:
        outcome = multi.up()
    assert (outcome.code, outcome.changes) == (0, {})
    assert (cost[0].ssh_connections, cost[0].bytes_uploaded) == (0, 0)


@pytest.mark.parametrize("step", CHECK_STEPS)
def test_the_checks_of_the_finished_world(multi: Scenario, step: str) -> None:
    checks = list(CHECK_STEPS[step](multi))
    assert checks
    for check in checks:
        assert check.ok, f"{check.name}: {check.detail}"


def test_a_changed_file_deploys_only_to_its_server(multi: Scenario) -> None:
    before = {name: len(multi.deploy_journal(name)) for name in SERVERS}
    vhost = "nginx/vhosts/web.conf.template"
    multi.operator.output(["sh", "-c", f"printf '\\n# a rehearsed change\\n' >>{vhost}"])
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    after = {name: len(multi.deploy_journal(name)) - before[name] for name in SERVERS}
    assert after == {"auth": 0, "api": 0, "web": 1}


def test_a_release_that_never_gets_healthy_fails_and_the_previous_one_serves(
    multi: Scenario,
) -> None:
    """The other replica of the API serves meanwhile, and after the rollback both do."""
    multi.set("fks:services.api.image", "docker.io/nuniesmith/fks:broken")
    outcome = multi.up()
    assert outcome.code != 0
    assert "python: not found" in outcome.display
    assert multi.unhealthy() is None
    multi.unset("fks:services.api")
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert multi.up().changes == {}


def test_a_throttled_cloud_is_waited_for(multi: Scenario) -> None:
    multi.set("fks:extraNames[0]", "www")
    multi.set("fks:extraNames[1]", "app")
    limit = {"status": 429, "headers": {"Retry-After": "1"}}
    multi.control.fault("cloudflare", method="POST", path="dns_records", agent=NOT_CERTBOT, **limit)
    outcome = multi.up()
    assert outcome.code == 0, outcome.display


def test_a_rejected_token_is_shown_and_the_next_up_succeeds(multi: Scenario) -> None:
    multi.unset("fks:extraNames[1]")
    multi.control.fault("cloudflare", status=401, path="dns_records", agent=NOT_CERTBOT, count=20)
    outcome = multi.up()
    multi.control.clear_faults()
    assert outcome.code != 0
    assert "Traceback" not in outcome.display
    assert "401" in outcome.display
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert multi.up().changes == {}


def test_a_rebuilt_server_gets_a_new_key_and_its_files(multi: Scenario) -> None:
    first = multi.server("web").id
    multi.set("fks:generation.web", "1")
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    assert multi.server("web").id != first
    assert multi.unhealthy() is None
    assert multi.up().changes == {}


def test_protected_servers_are_not_destroyed(multi: Scenario) -> None:
    outcome = multi.destroy()
    assert outcome.code != 0
    assert "protect" in outcome.display
    assert multi.unhealthy() is None


def test_destroy_leaves_nothing(multi: Scenario) -> None:
    multi.unprotect()
    assert multi.up().code == 0
    outcome = multi.destroy()
    assert outcome.code == 0, outcome.display
    assert multi.resources() == []
    assert multi.remaining_resources() == []
