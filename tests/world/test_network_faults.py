"""The API is cut off from the other servers, the name server fails: what still serves, and what
recovers by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rehearsal.game_day.server_causes import TABLE, cut_off
from rehearsal.world import docker_api as api
from rehearsal.world.names import CLOUD
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers
from tests.world.http_requests import Answer, request

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

TRADES = "/api/v1/trades"
# A token that Authentik rejects: the API has to ask it.
USER = ("/api/trades/", "--header", "Authorization: Bearer invalid")
CUT_SECONDS, RESUME_SECONDS = 60, 90
# nginx asks for the address of its peer every 10 s.
SERVFAIL_SECONDS = 40
# nginx gives a kept connection up after about 25 s (net.ipv4.tcp_retries2).
ANSWER_SECONDS = 45
NAME_SERVER = Path(__file__).parents[1] / "nginx" / "dns.py"
DIRECTORY = f"/opt/{TABLE}"


def test_web_answers_with_its_page_while_the_tailnet_is_cut_and_resumes(servers: Scenario) -> None:
    assert request(servers, "web", TRADES).status == 200
    assert request(servers, "api", *USER).status == 401
    with cut_off(servers, "api", "auth", "web"):
        answers = list(answers_for(servers, CUT_SECONDS))
        assert request(servers, "api", *USER).status == 503
        assert request(servers, "web", "/").status == 200
        assert "answer api" in containers.problems(servers, "web")
    assert {one.status for one in answers} <= {502, 504}, answers
    assert {one.json["status"] for one in answers} == {"unavailable"}
    wait_until("web reaches the API", lambda: unless(servers, 200, "web", TRADES), RESUME_SECONDS)
    wait_until("the API reaches auth", lambda: unless(servers, 401, "api", *USER), RESUME_SECONDS)
    assert servers.unhealthy() is None


def answers_for(scenario: Scenario, seconds: float) -> Iterator[Answer]:
    """The answers of the API through the web server, one after the other."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield request(scenario, "web", TRADES, limit=ANSWER_SECONDS)
        time.sleep(1)


def unless(scenario: Scenario, status: int, *arguments: str) -> str | None:
    """None when a request gets this status, otherwise the answer."""
    answer = request(scenario, *arguments)
    return None if answer.status == status else str(answer)


@contextmanager
def failing_name_server(scenario: Scenario, server: str) -> Iterator[str]:
    """Let all questions of one server get SERVFAIL; yields the path of the log, one line each.

    The server has the name server's address itself meanwhile.
    """
    files = {"dns.py": NAME_SERVER.read_bytes(), "answer": b"SERVFAIL"}
    scenario.on_server(server, "mkdir", "-p", DIRECTORY)
    api.put_files(scenario.server(server), DIRECTORY, files)
    scenario.on_server(server, "ip", "address", "add", f"{CLOUD}/32", "dev", "lo")
    program = f"exec python3 {DIRECTORY}/dns.py {DIRECTORY}/answer {CLOUD} >{DIRECTORY}/log"
    scenario.on_server(server, "systemd-run", "--unit", TABLE, "--collect", "sh", "-c", program)
    try:
        yield f"{DIRECTORY}/log"
    finally:
        scenario.on_server(server, "systemctl", "stop", TABLE)
        scenario.on_server(server, "ip", "address", "delete", f"{CLOUD}/32", "dev", "lo")


def test_web_keeps_the_apis_address_while_the_name_server_fails(servers: Scenario) -> None:
    assert request(servers, "web", TRADES).status == 200
    with failing_name_server(servers, "web") as log:
        answers = list(answers_for(servers, SERVFAIL_SECONDS))
        questions = int(servers.on_server("web", "sh", "-c", f"wc -l <{log}"))
    assert {one.status for one in answers} == {200}, answers
    assert questions >= 3
    assert servers.unhealthy() is None
