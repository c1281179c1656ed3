"""`fks history`, `releases`, `rollback`, `deploy`, `lock` and `maintenance` of three servers."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world.http_requests import request
from tests.world.test_replacements import steady_load

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")
VHOST = "nginx/vhosts/api.conf.template"
REASON = "the database is being restored"


def document(scenario: Scenario, *command: str) -> dict[str, Any]:
    return dict(json.loads(scenario.operator.output(["fks", *command, "--json"])))


def failed(scenario: Scenario, *command: str) -> str:
    """What a command prints, with both channels, that ends with 2 and changes nothing."""
    shown = f"( {' '.join(command)} ) 2>&1; echo code $?"
    before = current(scenario)
    text = scenario.operator.output(["sh", "-c", shown])
    assert text.endswith("code 2\n"), text
    assert current(scenario) == before
    return text


def current(scenario: Scenario) -> dict[str, str]:
    """Server to the digest of the release in service."""
    links = {name: scenario.on_server(name, "readlink", "/opt/fks/current") for name in SERVERS}
    return {name: link.strip().removeprefix("releases/") for name, link in links.items()}


def change(scenario: Scenario, text: str) -> None:
    """Change a file of the API's release only."""
    scenario.operator.output(["sh", "-c", f"printf '\\n# {text}\\n' >>{VHOST}"])


def seconds_of_last_deploy(scenario: Scenario, server: str) -> float:
    return float(json.loads(scenario.deploy_journal(server)[-1])["seconds"])


def timed_up(scenario: Scenario) -> float:
    started = time.monotonic()
    outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    return time.monotonic() - started


def preview(scenario: Scenario) -> str:
    """The preview, which finds nothing to change."""
    outcome = scenario.operator.must_succeed("preview")
    assert outcome.changes == {}, outcome.display
    return outcome.display


@pytest.fixture(scope="module")
def digests(servers: Scenario) -> list[str]:
    """The API's first release, and the second, which is in service; prints the times."""
    first, seconds = current(servers)["api"], seconds_of_last_deploy(servers, "api")
    change(servers, "second")
    took = timed_up(servers)
    sys.stderr.write(f"first deploy {seconds} s on the server, up of a second {took:.1f} s\n")
    return [first, current(servers)["api"]]


def test_history_has_the_deploys_of_all_servers(servers: Scenario, digests: list[str]) -> None:
    found = document(servers, "history", "--since", "2h")
    deploys = [one for one in found["events"] if one["kind"] == "deploy"]
    assert {one["server"] for one in deploys} == set(SERVERS)
    assert [one["digest"] for one in deploys if one["server"] == "api"] == digests
    assert {(one["result"], one["who"]) for one in deploys} == {("ok", "deploy")}
    assert (found["warnings"], found["unreached"]) == ([], {})
    shown = servers.operator.output(["fks", "history", "api"])
    assert f"api: deploy: release {digests[1][:12]} ok in " in " ".join(shown.split())


def test_releases_with_what_the_second_changed(servers: Scenario, digests: list[str]) -> None:
    found = document(servers, "releases", "api")["servers"]["api"]["releases"]
    assert [one["digest"] for one in found] == digests[::-1]
    assert [one["in_service"] for one in found] == [True, False]
    assert found[0]["changes"] == {"files": [VHOST], "images": [], "settings": []}
    assert found[0]["versions"] == {"API_POSTGRES": "17"}
    auth = document(servers, "releases", "auth")["servers"]["auth"]["releases"]
    assert auth[0]["versions"] == {"AUTH_POSTGRES": "17", "AUTH_SERVER": "2026.8.6"}


def test_a_release_that_is_not_kept_names_those_that_are(
    servers: Scenario, digests: list[str]
) -> None:
    for to in ("7", "0" * 12, "abc"):
        text = failed(servers, "fks", "rollback", "api", "--yes", "--to", to)
        assert f"It keeps 0 ({digests[1][:12]}), 1 ({digests[0][:12]})" in " ".join(text.split())
    assert "SERVER is missing" in failed(servers, "fks", "rollback", "--yes")
    assert "is not pinned" in failed(servers, "fks", "rollback", "api", "--unpin", "--yes")
    # Without a terminal the prompt gets no answer.
    failed(servers, "fks", "rollback", "api", "</dev/null")


def test_a_rollback_uploads_nothing_and_touches_one_server(
    servers: Scenario, digests: list[str]
) -> None:
    before = {name: len(servers.deploy_journal(name)) for name in SERVERS}
    with servers.counted() as cost:
        started = time.monotonic()
        shown = servers.operator.output(["fks", "rollback", "api", "--yes"])
        took = time.monotonic() - started
    seconds = seconds_of_last_deploy(servers, "api")
    sys.stderr.write(f"fks rollback {took:.1f} s, on the server {seconds} s\n")
    assert f"api is pinned to release {digests[0][:12]}" in shown
    assert f"without {digests[1][:12]}:" in shown
    assert VHOST in shown
    assert current(servers)["api"] == digests[0]
    assert cost[0].bytes_uploaded == 0
    after = {name: len(servers.deploy_journal(name)) - before[name] for name in SERVERS}
    assert after == {"auth": 0, "api": 1, "web": 0}


def test_the_preview_shows_the_pin_and_up_keeps_it(servers: Scenario, digests: list[str]) -> None:
    assert f"api is pinned to release {digests[0][:12]} since 20" in preview(servers)
    change(servers, "third")
    outcome = servers.up()
    assert (outcome.code, outcome.changes) == (0, {})
    assert current(servers)["api"] == digests[0]
    assert "already" in failed(servers, "fks", "rollback", "api", "--yes")


def test_unpin_deploys_the_release_of_the_checkout(servers: Scenario, digests: list[str]) -> None:
    servers.operator.output(["fks", "rollback", "api", "--unpin", "--yes"])
    assert current(servers)["api"] not in digests
    assert "pinned" not in preview(servers)
    found = document(servers, "releases", "api")["servers"]["api"]["releases"]
    assert [one["digest"] for one in found][1:] == digests
    assert servers.unhealthy() is None


def test_a_locked_stack_refuses_up_and_rollback_with_the_reason(servers: Scenario) -> None:
    servers.operator.output(["fks", "lock", "--reason", REASON])
    change(servers, "fourth")
    before = current(servers)
    outcome = servers.up()
    assert outcome.code != 0
    assert "the stack is locked by " in outcome.display and REASON in outcome.display
    assert current(servers) == before
    assert REASON in failed(servers, "fks", "rollback", "api", "--yes")
    texts = [one["text"] for one in json.loads(status(servers))["warnings"]]
    assert sum(REASON in text for text in texts) == len(SERVERS)
    assert servers.operator.call(["fks", "lock", "--reason", "other"], quiet=True) == 1
    assert REASON in servers.operator.output(["fks", "unlock"])
    shown = servers.operator.output(["fks", "deploy", "api", "--yes"])
    # The operator's directory is no checkout.
    assert "The impact is not known: no update of prod that succeeded was made from a" in shown
    assert current(servers)["api"] != before["api"]


def status(scenario: Scenario) -> str:
    return scenario.operator.stdout(["fks", "status", "--json"])


def test_maintenance_under_traffic_and_over_a_deploy(servers: Scenario) -> None:
    with steady_load(servers) as found:
        time.sleep(3)
        servers.operator.output(["fks", "maintenance", "on", "--message", "Back at ten."])
        page = request(servers, "web", "/", "--header", "Accept: text/html")
        assert page.status == 503 and "Back at ten." in page.body
        answer = request(servers, "api", "/api/v1/trades", "--include")
        assert answer.status == 503 and "retry-after: 300" in answer.body.lower()
        assert servers.unhealthy() is None
        change(servers, "fifth")
        timed_up(servers)
        servers.on_server("web", "/usr/local/lib/fks/current/bin/reload-edge")
        assert request(servers, "web", "/").status == 503
        texts = [one["text"] for one in json.loads(status(servers))["warnings"]]
        assert sum("Back at ten." in text for text in texts) == len(SERVERS)
        servers.operator.output(["fks", "maintenance", "off"])
        wait_until("web serves", lambda: serving(servers, "web", "/"), 15)
        time.sleep(3)
    for target, one in found.items():
        assert one["failed"], target
        wrong = [
            text for text in one["failed"] if not text.startswith("503") or "maint" not in text
        ]
        assert wrong == [], target


def serving(scenario: Scenario, server: str, path: str) -> str | None:
    found = request(scenario, server, path).status
    return None if found == 200 else f"status {found}"


def test_maintenance_survives_a_reboot_of_its_server_only(servers: Scenario) -> None:
    servers.operator.output(["fks", "maintenance", "on", "web"])
    before = servers.started_at("web")
    servers.reboot("web")
    wait_until("web restarts", lambda: servers.not_restarted("web", before), 120)
    wait_until("all services answer", servers.unhealthy, 180)
    assert request(servers, "web", "/").status == 503
    assert request(servers, "api", "/api/v1/trades").status == 200
    servers.operator.output(["fks", "maintenance", "off", "web"])
    wait_until("web serves", lambda: serving(servers, "web", "/"), 15)


def test_history_has_who_and_why(servers: Scenario) -> None:
    events = document(servers, "history", "api")["events"]
    locked = next(one for one in events if one["kind"] == "lock")
    assert (locked["text"], locked["who"].startswith("root@")) == (REASON, True)
    assert "maintenance" in {one["kind"] for one in events}
