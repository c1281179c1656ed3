"""`fks logs`, `ssh`, `exec`, `psql`, `redis` and `celery` on three servers."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rehearsal.game_day.cloud_causes import shut_down
from rehearsal.world.operator import RUN
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import secrets_in, secrets_of
from tests.world import containers
from tests.world.http_requests import request
from tests.world.terminal import terminal

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")
WORKER = "fks-api-worker-1"
_DOCKER, _EXEC, *_REST = RUN
# In brackets, so that the search does not find itself.
READERS = "pgrep -af 'bin/[l]ogs|docker [l]ogs' || true"


def fks(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the operator without a terminal."""
    command = [_DOCKER, _EXEC, "--interactive", *_REST, "fks", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def log_lines(*arguments: str) -> list[dict[str, Any]]:
    done = fks("logs", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def log(scenario: Scenario, text: str) -> None:
    """Let beat's container write a line to its log; `text` is for its shell."""
    scenario.in_service("api", "api-beat", "sh", "-c", f'echo "{text}" >/proc/1/fd/1')


def readers(scenario: Scenario) -> str | None:
    """The processes that read logs on servers, or None."""
    found = (scenario.on_server(name, "sh", "-c", READERS) for name in SERVERS)
    return "".join(found) or None


def test_logs_of_all_servers_are_merged_by_time_with_one_login_each(servers: Scenario) -> None:
    with servers.counted() as cost:
        lines = log_lines("--units", "--since", "1h")
    assert cost[0].ssh_connections == len(SERVERS)
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)
    found = {(line["server"], line["source"]) for line in lines}
    expected = {("auth", "auth-server"), ("api", "api-worker"), ("web", "edge")}
    assert expected | {(name, "unit:docker") for name in SERVERS} <= found


def test_a_secret_that_a_container_prints_never_appears(servers: Scenario) -> None:
    log(servers, "canary $(cat /run/secrets/POSTGRES_PASSWORD) $(cat /run/secrets/DATABASE_URL)")
    texts = [line["text"] for line in log_lines("api-beat", "--grep", "canary")]
    assert texts == ["canary *** ***"]
    known = secrets_of(servers)
    raw = servers.on_server("api", "docker", "logs", "--tail", "5", "fks-api-beat-1")
    assert secrets_in(raw, known), "the container did not print it"
    assert secrets_in(fks("logs", "--units", "--since", "1h").stdout, known) == []


def test_names_select_services_replicas_and_servers(servers: Scenario) -> None:
    assert servers.unhealthy() is None
    for name, expected in (
        ("api", {("api", "api"), ("api", "api-2")}),
        ("web/edge", {("web", "edge")}),
        ("unit:docker", {(server, "unit:docker") for server in SERVERS}),
    ):
        lines = log_lines(name, "--since", "1h")
        assert {(line["server"], line["source"]) for line in lines} == expected, name


def test_following_ends_with_ctrl_c_and_leaves_no_process(servers: Scenario) -> None:
    with terminal("fks", "logs", "-f", "--units", "--since", "1h") as shown:
        shown.wait_for(r"api/api-beat: ")
        wait_until("every server is followed", lambda: _not_followed(servers), 30, pause=0.5)
        log(servers, "a new line")
        shown.wait_for(r"Z api/api-beat: a new line")
        shown.type("\x03")
        assert shown.end() == 0
    wait_until("no process is left", lambda: readers(servers), 10, pause=0.5)


def _not_followed(scenario: Scenario) -> str | None:
    found = readers(scenario) or ""
    return None if found.count("docker logs --timestamps --since") >= 10 else found


def test_a_container_that_is_replaced_is_followed(servers: Scenario) -> None:
    with terminal("fks", "logs", "-f", "api-beat", "--since", "10s") as shown:
        wait_until("beat is followed", lambda: None if readers(servers) else "not yet", 30)
        compose = "/usr/local/lib/fks/current/bin/compose"
        servers.on_server("api", compose, "up", "-d", "--force-recreate", "--no-deps", "api-beat")
        shown.wait_for(r"api/api-beat: .*beat: Starting")
        shown.type("\x03")
        assert shown.end() == 0
    containers.wait_until_healthy(servers, "api", "fks-api-beat-1", 120)


def test_exec_passes_on_exit_code_arguments_and_input(servers: Scenario) -> None:
    assert fks("exec", "api", "--", "sh", "-c", "exit 7").returncode == 7
    assert fks("exec", "web", "--", "sh", "-c", "exit 8").returncode == 8
    done = fks("exec", "auth-server", "--", "cat", stdin="a  b\n$(c)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "a  b\n$(c)", "")
    assert fks("exec", "server:api", "--", "printf", "%s", "a  '$b").stdout == "a  '$b"
    replica = containers.inspect(servers, "api", "fks-api-2-1")["Config"]["Hostname"]
    assert fks("exec", "api.2", "--", "hostname").stdout.strip() == replica


def test_exec_of_a_wrong_name_ends_with_255(servers: Scenario) -> None:
    assert servers.stack == "prod"
    for name, message in (("edge", "api/edge, auth/edge, web/edge"), ("apl", "neither a server")):
        done = fks("exec", name, "--", "true")
        assert (done.returncode, done.stdout) == (255, "")
        assert message in done.stderr


@pytest.mark.usefixtures("servers")
def test_ssh_has_a_terminal_and_the_exit_code_of_the_shell() -> None:
    with terminal("fks", "ssh", "web") as shell:
        shell.wait_for(r"deploy@\S+.*\$ ")
        shell.type("tty; sudo id -un; exit 5\r")
        shell.wait_for(r"/dev/pts/\d+\s+root")
        assert shell.end() == 5
    assert "onnection to" not in shell.shown


def test_psql_refuses_to_write_unless_it_is_asked_to(servers: Scenario) -> None:
    table = "reading"
    with servers.counted() as cost:
        created = fks("psql", "api", "--write", stdin=f"CREATE TABLE {table} (id int);")
    assert (created.returncode, cost[0].ssh_connections) == (0, 1)
    insert = f"INSERT INTO {table} VALUES (1)"
    refused = fks("psql", "api", "--", "-c", insert)
    assert refused.returncode == 1
    assert "cannot execute INSERT in a read-only transaction" in refused.stderr
    assert fks("psql", "api", stdin=f"{insert};\nSELECT 1;").returncode == 3
    assert fks("psql", "api", "--write", "--", "-c", insert).returncode == 0
    count = fks("psql", "api", "--", "-Atc", f"SELECT count(*) FROM {table}")
    assert (count.returncode, count.stdout) == (0, "1\n")
    assert fks("psql", "api", "--write", "--", "-c", f"DROP TABLE {table}").returncode == 0


@pytest.mark.usefixtures("servers")
def test_psql_with_a_terminal() -> None:
    with terminal("fks", "psql", "auth") as psql:
        psql.wait_for("authentik=> |authentik=# ")
        psql.type("SHOW default_transaction_read_only;\r")
        psql.wait_for(r"default_transaction_read_only\s+-+\s+on\s")
        psql.type("\\q\r")
        assert psql.end() == 0


@pytest.mark.parametrize("store", ["queue", "cache"])
def test_redis_without_a_password_on_a_command_line(servers: Scenario, store: str) -> None:
    done = fks("redis", store, "--", "CONFIG", "GET", "maxmemory-policy")
    assert done.stdout.split() == [
        "maxmemory-policy",
        "noeviction" if store == "queue" else "allkeys-lru",
    ]
    with terminal("fks", "redis", store) as redis:
        redis.wait_for("127.0.0.1:6379> ")
        processes = servers.on_server("api", "ps", "-eo", "args")
        assert "redis-cli" in processes
        assert secrets_in(processes, secrets_of(servers)) == []
        redis.type("PING\r")
        redis.wait_for("PONG")
        redis.type("QUIT\r")
        assert redis.end() == 0


def celery() -> dict[str, Any]:
    return dict(json.loads(fks("celery", "--json").stdout))


def queue(name: str) -> dict[str, Any]:
    return next(one for one in celery()["queues"] if one["name"] == name)


def send(scenario: Scenario, queue: str, count: int, seconds: int) -> None:
    path = f"/api/jobs?name=reading&seconds={seconds}&count={count}&queue={queue}"
    assert request(scenario, "api", path, "--request", "POST").status == 202


@contextmanager
def stopped_worker(scenario: Scenario) -> Iterator[None]:
    scenario.on_server("api", "docker", "stop", WORKER)
    try:
        yield
    finally:
        scenario.on_server("api", "docker", "start", WORKER)
        containers.wait_until_healthy(scenario, "api", WORKER, 120)


def test_celery_shows_waiting_tasks_with_their_age_and_purges_them(servers: Scenario) -> None:
    with stopped_worker(servers):
        send(servers, "trading", 3, 0)
        containers.watch(servers, "api")
        time.sleep(5)
        document = celery()
        (trading,) = (one for one in document["queues"] if one["name"] == "trading")
        assert trading["waiting"] == 3
        assert 4 <= trading["oldest"] <= 120
        assert (document["workers"], document["tasks"], document["problems"]) == ([], [], [])
        asked = fks("celery", "--purge", "trading", stdin="n\n")
        assert "nothing was deleted" in asked.stdout and queue("trading")["waiting"] == 3
        done = fks("celery", "--purge", "trading", "--yes")
        assert (done.returncode, done.stdout) == (0, "3 tasks of trading were deleted\n")
    assert queue("trading") == {"name": "trading", "waiting": 0, "oldest": None}


def test_celery_shows_workers_and_the_tasks_that_they_run(servers: Scenario) -> None:
    send(servers, "celery", 1, 25)

    def running() -> str | None:
        return None if celery()["tasks"] else "no task runs"

    wait_until("the task runs", running, 20)
    document = celery()
    (worker,) = document["workers"]
    (task,) = document["tasks"]
    assert {"celery", "trading"} <= set(worker["queues"]) and worker["processes"] == 2
    assert (task["name"], task["worker"]) == ("standin.job", worker["name"])
    assert task["queue"] == "celery" and 0 < task["seconds"] < 25
    shown = fks("celery")
    assert shown.returncode == 0 and f"standin.job   {worker['name']}" in shown.stdout


@pytest.mark.parametrize("page", ["app", "api", "auth", "admin"])
def test_open_prints_a_url_of_the_stack(servers: Scenario, page: str) -> None:
    role = {"app": "web", "admin": "auth"}.get(page, page)
    (row,) = (row for row in servers.operator.servers() if row["name"] == role)
    assert fks("open", page).stdout.startswith(f"{row['urls'][0]}/")


def test_a_server_that_is_off_is_named_and_the_others_are_shown(servers: Scenario) -> None:
    with shut_down(servers, "web"):
        done = fks("logs", "--since", "1h", "edge")
        executed = fks("exec", "web", "--", "true")
    assert done.returncode == 1
    assert {line.split()[1] for line in done.stdout.splitlines()} == {"auth/edge:", "api/edge:"}
    assert done.stderr.startswith("web: SSH to ") and done.stderr.count("\n") == 1
    assert executed.returncode == 255
    assert "Next: tailscale status; fks doctor --stack prod" in executed.stderr
