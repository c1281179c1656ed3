"""Tasks in flight when a worker or the queue is killed: none is lost, none is finished twice.

Redis delivers a task of a killed worker again five minutes after the time limit of tasks, which is
30 s here; workers look for such tasks every 100 s.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers
from tests.world.http_requests import request

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

ROLE, VARIABLES = "fks_infra/roles/api.py", 'variables=(("POSTGRES_USER", _USER)'
LIMIT = 'variables=(("TASK_TIME_LIMIT", "30"), ("POSTGRES_USER", _USER)'
REDELIVERY_SECONDS = 30 + 300 + 100
QUEUE, WORKER = "fks-api-queue-1", "fks-api-worker-1"
# As many run at the same time as the worker has processes.
RUNNING, TASKS, TASK_SECONDS = 2, 6, 8
REDIS = "export REDISCLI_AUTH=$(cat /run/secrets/REDIS_PASSWORD); redis-cli"
Runs = dict[str, list[bool]]


@pytest.fixture(scope="module")
def servers(multi: Scenario) -> Iterator[Scenario]:
    """Three servers; tasks have a short time limit."""
    multi.operator.output(["sed", "-i", f"s/{VARIABLES}/{LIMIT}/", ROLE])
    try:
        outcome = multi.up()
        assert outcome.code == 0, outcome.display
        yield multi
    finally:
        multi.operator.copy_program()


def send(scenario: Scenario, name: str, count: int) -> None:
    """Send tasks and wait until as many of them run as can run at the same time."""
    path = f"/api/jobs?name={name}&seconds={TASK_SECONDS}&count={count}"
    assert request(scenario, "api", path, "--request", "POST").status == 202

    def started() -> str | None:
        found = runs(scenario, name)
        return None if len(found) >= RUNNING else str(found)

    wait_until("tasks run", started, 30)


def runs(scenario: Scenario, name: str) -> Runs:
    """For each task that has started: whether each of its runs has finished."""
    found = request(scenario, "api", "/api/jobs").json.items()
    return {
        task: [run["finished"] for run in each]
        for task, each in found
        if task.startswith(f"{name}-")
    }


def wait_until_finished(scenario: Scenario, name: str, count: int, seconds: float) -> None:
    """Wait until `count` tasks have finished."""

    def unfinished() -> str | None:
        found = runs(scenario, name)
        return None if sum(map(any, found.values())) >= count else str(found)

    wait_until(f"{count} tasks {name} have finished", unfinished, seconds, pause=1)


def assert_finished_once(scenario: Scenario, name: str, count: int, interrupted: int) -> None:
    """Every task has one finished run; so many other runs were interrupted."""
    found = runs(scenario, name)
    assert [each.count(True) for each in found.values()] == [1] * count, found
    assert sum(each.count(False) for each in found.values()) == interrupted, found


def test_a_task_whose_process_is_killed_starts_again_at_once(servers: Scenario) -> None:
    send(servers, "child", TASKS)
    parent = containers.inspect(servers, "api", WORKER)["State"]["Pid"]
    servers.on_server("api", "sh", "-c", f"kill -KILL $(pgrep --parent {parent} --newest)")
    wait_until_finished(servers, "child", TASKS, 90)
    assert_finished_once(servers, "child", TASKS, interrupted=1)


def test_waiting_tasks_run_when_the_killed_queue_is_back(servers: Scenario) -> None:
    send(servers, "queue", TASKS)
    containers.kill_process(servers, "api", QUEUE)
    wait_until_finished(servers, "queue", TASKS - RUNNING, 120)


def test_waiting_tasks_run_when_the_killed_worker_is_back(servers: Scenario) -> None:
    send(servers, "worker", TASKS)
    containers.kill_process(servers, "api", WORKER)
    wait_until_finished(servers, "worker", TASKS - RUNNING, 120)


@pytest.mark.parametrize("name", ["queue", "worker"])
def test_the_tasks_that_were_running_are_finished_once(servers: Scenario, name: str) -> None:
    wait_until_finished(servers, name, TASKS, REDELIVERY_SECONDS + 30)
    assert_finished_once(servers, name, TASKS, interrupted=RUNNING)


def test_nothing_is_left_that_could_run_again(servers: Scenario) -> None:
    # Longer than a task, in case one runs at this moment.
    time.sleep(TASK_SECONDS)
    for command in ("zcard unacked_index", "hlen unacked", "llen celery"):
        answer = servers.in_service("api", "api-queue", "sh", "-c", f"{REDIS} {command}")
        assert answer.strip() == "0", command
