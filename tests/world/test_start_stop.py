"""`fks stop` and `fks start` of three servers: one, all, by force, over a reboot and a deploy."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from rehearsal.game_day.cloud_causes import shut_down
from rehearsal.world.operator import RUN
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SECONDS = 240
DUMPS = "ls /var/backups/fks/postgres"


def fks(scenario: Scenario, *words: str, code: int = 0) -> str:
    """What `fks` prints on both channels; it must end with this code."""
    del scenario
    done = subprocess.run(
        [*RUN, "fks", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def status(scenario: Scenario, server: str) -> dict[str, Any]:
    return dict(json.loads(scenario.operator.stdout(["fks", "status", server, "--json"])))


def states(scenario: Scenario, server: str) -> set[str]:
    """The states of all containers of the server's stack."""
    return {
        containers.inspect(scenario, server, name)["State"]["Status"]
        for name in containers.names(scenario, server)
    }


def own_problems(scenario: Scenario, server: str) -> list[str]:
    """What the watch finds now, without the load and the disk of the machine."""
    state = containers.watch(scenario, server)
    found = state["history"]["problems"].items()
    now = [key for key, one in found if one["seen"] == state["checked"]]
    return [
        key for key in now if key.startswith(("answer ", "container ", "unit ", "queue", "check "))
    ]


def journal(scenario: Scenario, server: str) -> dict[str, Any]:
    """The last start or stop; the watch writes other lines meanwhile."""
    lines = scenario.on_server(server, "cat", "/var/lib/fks/journal.jsonl").splitlines()
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [one for one in entries if one.get("kind") in ("start", "stop")][-1]


def test_one_stack_stops_and_the_others_serve(servers: Scenario) -> None:
    out = fks(servers, "stop", "--web", "--reason", "new front end")
    assert out.splitlines()[-1] == "web: stopped"
    assert states(servers, "web") == {"exited"}
    assert states(servers, "auth") == states(servers, "api") == {"running"}
    entry = journal(servers, "web")
    assert (entry["kind"], entry["reason"], entry["result"]) == ("stop", "new front end", "ok")
    assert "@" in entry["who"]


def test_status_and_watch_expect_nothing_of_a_stopped_stack(servers: Scenario) -> None:
    assert own_problems(servers, "web") == []
    document = status(servers, "web")
    (warning,) = [one for one in document["warnings"] if "stopped since" in one["text"]]
    assert warning["text"].startswith("web is stopped since 2")
    assert warning["text"].endswith("(new front end)")
    assert warning["command"] == "fks start --web"
    assert document["servers"]["web"]["containers"] == []
    assert "web: web is stopped since 2" in fks(servers, "stop", "--status")


def test_it_stays_stopped_when_the_engine_and_the_server_restart(servers: Scenario) -> None:
    servers.on_server("web", "systemctl", "restart", "docker.service")
    assert states(servers, "web") == {"exited"}
    booted = servers.started_at("web")
    servers.reboot("web")
    wait_until("web has restarted", lambda: servers.not_restarted("web", booted), SECONDS)

    def watched() -> str | None:
        done = subprocess.run([*RUN, "fks", "stop", "--web", "--status"], check=False)
        return None if done.returncode == 0 else f"fks ends with {done.returncode}"

    wait_until("web answers", watched, SECONDS)
    assert own_problems(servers, "web") == []
    assert states(servers, "web") == {"exited"}


def test_a_deploy_installs_the_release_and_pulumi_up_says_so(servers: Scenario) -> None:
    before = servers.on_server("web", "readlink", "/opt/fks/current")
    servers.set("fks:services.web.refresh", "again")
    outcome = servers.up()
    assert outcome.code == 0, outcome.display
    assert "web-stack: at its last deploy web is stopped since" in outcome.display
    assert states(servers, "web") == {"exited"}
    assert servers.on_server("web", "readlink", "/opt/fks/current") != before
    preview = servers.operator.pulumi("preview")
    assert "web-stack: at its last deploy web is stopped since" in preview.display
    assert preview.changes == {}


def test_it_starts_with_the_release_that_was_installed(servers: Scenario) -> None:
    assert fks(servers, "start", "--web").splitlines()[-1] == "web: started"
    assert servers.unhealthy() is None
    assert journal(servers, "web")["kind"] == "start"
    servers.set("fks:services.web.refresh", "another")
    outcome = servers.up()
    assert outcome.code == 0, outcome.display
    assert "is stopped since" not in outcome.display


def test_all_stop_callers_first_and_start_in_the_other_order(servers: Scenario) -> None:
    lines = fks(servers, "stop").splitlines()
    assert next(line for line in lines if " mark " in line).startswith("web: ")
    assert lines[-3:] == ["web: stopped", "api: stopped", "auth: stopped"]
    assert {state for name in ("auth", "api", "web") for state in states(servers, name)} == {
        "exited"
    }
    codes = {
        containers.inspect(servers, "api", name)["State"]["ExitCode"]
        for name in containers.names(servers, "api")
    }
    assert 137 not in codes
    lines = fks(servers, "start", "--multi").splitlines()
    assert lines[-3:] == ["auth: started", "api: started", "web: started"]
    wait_until("all services answer", servers.unhealthy, SECONDS)


def test_force_kills_and_the_watch_does_not_restart(servers: Scenario) -> None:
    fks(servers, "stop", "--api", "--force")
    assert states(servers, "api") == {"exited"}
    assert own_problems(servers, "api") == []
    servers.on_server("api", "systemctl", "start", "fks-backup.service")
    assert states(servers, "api") == {"exited"}
    assert status(servers, "api")["servers"]["api"]["failed_units"] == []
    fks(servers, "start", "--api")
    wait_until("all services answer", servers.unhealthy, SECONDS)


def test_a_server_that_is_off_is_named_and_the_others_are_stopped(servers: Scenario) -> None:
    with shut_down(servers, "web"):
        out = fks(servers, "stop", "--web", "--auth", code=1)
        assert "web: nothing was changed: SSH to 100." in out
        assert out.splitlines()[-1] == "auth: stopped"
        assert fks(servers, "start", "--auth").splitlines()[-1] == "auth: started"
    wait_until("all services answer", servers.unhealthy, SECONDS)


def test_options_that_do_not_fit_change_nothing(servers: Scenario) -> None:
    for options, remedy in (
        (["--single"], "Leave out --single"),
        (["--gpu"], "set fks:gpu to true"),
        (["--minimal"], "fks:lowMemory true --stack prod"),
        (["--stack", "nosuch"], "pulumi stack ls"),
    ):
        assert remedy in fks(servers, "start", *options, code=2)
    assert servers.unhealthy() is None


def test_cleanup_needs_the_name_and_takes_a_dump_first(servers: Scenario) -> None:
    out = fks(servers, "stop", "--api", "--cleanup-all", code=2)
    assert "fks_api-postgres-data" in out and "add --yes api" in out
    assert servers.unhealthy() is None
    out = fks(servers, "stop", "--api", "--cleanup-all", "--yes", "api")
    assert "backup ok: " in out
    assert servers.on_server("api", "sh", "-c", DUMPS).count(".dump\n") == 1
    assert containers.names(servers, "api") == []
    assert "fks_" not in servers.on_server("api", "docker", "volume", "ls", "--quiet")
    assert servers.on_server("api", "ls", "/opt/fks/releases") == ""
    assert "api.pem" in servers.on_server("api", "ls", "/var/lib/fks/tls")
    assert "nothing is deployed on this server" in fks(servers, "start", "--api", code=1)


def test_a_server_is_deployed_again_after_a_cleanup(servers: Scenario) -> None:
    outcome = servers.operator.pulumi("up", "--yes", "--skip-preview", "--replace", "**api-stack-*")
    assert outcome.code == 0, outcome.display
    assert "api-stack: at its last deploy api is stopped since" in outcome.display
    fks(servers, "start", "--api")
    wait_until("all services answer", servers.unhealthy, SECONDS)
