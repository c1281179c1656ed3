"""The start and the health check of Celery workers."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from rehearsal.world import images
from tests.compose.stacks import LIB, part

SCRIPT = LIB / "celery/worker.sh"
LABELS = {"fks.test": "celery"}
IMAGE = "fks-rehearsal/fks-worker"
# Prints the configuration of an application with these command-line settings.
SHOW = """
import json, sys
from celery import Celery
app = Celery("x")
app.config_from_cmdline(sys.argv[1:], namespace="worker")
print(json.dumps({name: app.conf[name] for name in NAMES}))
"""
EXPECTED = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_soft_shutdown_timeout": 30.0,
    "worker_enable_soft_shutdown_on_idle": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "result_backend_always_retry": True,
    "redis_socket_timeout": 30.0,
    "redis_socket_keepalive": True,
    "redis_retry_on_timeout": True,
}
TRANSPORT = {
    "visibility_timeout": 3900,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
}


def start(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run worker.sh with a `python` that prints its arguments, one per line."""
    fake = tmp_path / "python"
    fake.write_text('#!/bin/sh\necho "REMAP_SIGTERM=$REMAP_SIGTERM"\nprintf "%s\\n" "$@"\n')
    fake.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def following(lines: list[str], option: str) -> str:
    """The value of an option."""
    return lines[lines.index(option) + 1]


def test_a_worker_gets_queues_time_limit_and_a_memory_limit_for_each_child(tmp_path: Path) -> None:
    done = start(tmp_path, "768m", "2", "3600", "a,b")
    lines = done.stdout.splitlines()
    assert lines[0] == "REMAP_SIGTERM=SIGQUIT"
    assert following(lines, "-Q") == "a,b"
    assert following(lines, "-c") == "2"
    assert following(lines, "--time-limit") == "3600"
    # (768 - 192) MiB in KiB, for two children
    assert following(lines, "--max-memory-per-child") == "294912"


@pytest.mark.parametrize(
    "arguments", [("768", "x", "1"), ("1g", "2", "1"), ("768m", "", "1"), ("100m", "1", "1")]
)
def test_a_limit_that_does_not_work_is_named(
    tmp_path: Path, arguments: tuple[str, str, str]
) -> None:
    done = start(tmp_path, *arguments, "celery")
    assert done.returncode == 64
    assert arguments[0] in done.stderr


def settings(tmp_path: Path) -> list[str]:
    """The settings after `--`."""
    lines = start(tmp_path, "768m", "2", "3600", "celery").stdout.splitlines()
    return lines[lines.index("--") + 1 :]


def test_redis_repeats_no_task_that_may_still_run(tmp_path: Path) -> None:
    found = dict(line.split("=", 1) for line in settings(tmp_path))
    transport = json.loads(found["broker.transport_options"].removeprefix("(dict)"))
    assert transport["visibility_timeout"] > 3600


def test_the_soft_shutdown_ends_before_docker_kills_the_worker(tmp_path: Path) -> None:
    found = dict(line.split("=", 1) for line in settings(tmp_path))
    grace = part("api")["services"]["api-worker"]["stop_grace_period"]
    assert int(found["worker.soft_shutdown_timeout"]) + 20 <= int(grace.removesuffix("s"))


@pytest.fixture
def client() -> Iterator[docker.DockerClient]:
    """Docker."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.mark.world
def test_every_setting_reaches_celery(tmp_path: Path, client: docker.DockerClient) -> None:
    images.ensure_base(client)
    for image in (images.python(), *images.applications()):
        if image.tag in ("fks-rehearsal/python", IMAGE):
            images.build(client, image)
    names = [*EXPECTED, "broker_transport_options", "result_backend_transport_options"]
    show = SHOW.replace("NAMES", repr(names))
    command = ["python", "-c", show, *settings(tmp_path)]
    out = client.containers.run(IMAGE, command, entrypoint="", remove=True, labels=LABELS)
    found = json.loads(out)
    assert found.pop("broker_transport_options") == TRANSPORT
    assert found.pop("result_backend_transport_options") == TRANSPORT
    assert found == EXPECTED
