import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import probe
from host.fks_deploy.probe import Probe
from host.fks_deploy.status import parts
from host.fks_deploy.watch.context import Context
from host.fks_deploy.watch.processor import Sample
from tests.host.server import Service
from tests.host.watch.server import NOON, SETTINGS, WatchedServer, container
from tests.tls import trust

DEEP = Probe("api", "localhost", "/health/deep", json={"status": ["healthy"]})
DATES = "notBefore=Nov  1 08:00:00 2026 GMT\nnotAfter=Jan 20 20:00:00 2027 GMT\n"


def started(service: str, **more: Any) -> dict[str, Any]:
    """A container with the fields that a status shows."""
    found = container(service, **more)
    found["State"]["StartedAt"] = "2027-01-15T07:00:00.123456789Z"
    return {**found, "RestartCount": 2}


def test_containers_with_memory_and_restarts(watched: WatchedServer) -> None:
    watched.containers(started("edge", status="exited", code=137), started("api"))
    group = "sys/fs/cgroup/docker/id-of-api"
    watched.file(f"{group}/memory.max", f"{100 << 20}\n")
    watched.file(f"{group}/memory.current", f"{50 << 20}\n")
    found = parts.containers(watched.context())
    assert found.value[0] == {
        "service": "api",
        "state": "running",
        "health": "healthy",
        "restarts": 2,
        "started": "2027-01-15T07:00:00Z",
        "memory": 50 << 20,
        "memory_limit": 100 << 20,
    }
    assert (found.value[1]["state"], found.value[1]["memory"]) == ("exited", None)
    assert [one.key for one in found.problems] == ["container edge"]
    assert sum(call[:2] == ["docker", "inspect"] for call in watched.shell.calls) == 1


def test_answers_of_the_own_roles(
    watched: WatchedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(tmp_path / "authority", monkeypatch)
    context = watched.context(settings=replace(SETTINGS, own=(DEEP,)))
    url = "https://localhost/health/deep"
    with Service(tmp_path / "authority", "localhost").serving() as service:
        monkeypatch.setattr(probe, "EDGE_PORT", service.port)
        assert parts.health(context) == parts.Found([{"url": url, "healthy": True}])
        service.status = 503
        found = parts.health(context)
    assert found.value == [{"url": url, "healthy": False}]
    assert [one.key for one in found.problems] == ["answer api"]


def test_a_queue_that_returns_no_task_is_a_problem(watched: WatchedServer) -> None:
    part = {"status": "unhealthy", "since": NOON - 330}
    document = {"checked": NOON - 30, "parts": {"queue": part}}
    watched.file("var/lib/fks/deep/api.json", json.dumps(document))
    assert [one.key for one in parts.health(watched.context()).problems] == ["queue"]


def usage(context: Context) -> dict[str, tuple[float, tuple[float, ...]]]:
    return {one["name"]: (one["value"], one["limits"]) for one in parts.usage(context).value}


def test_usage_has_the_limits_of_the_watch(watched: WatchedServer) -> None:
    found = usage(watched.context())
    values = {name: round(value, 1) for name, (value, _) in found.items()}
    limits = {name: limits for name, (_, limits) in found.items()}
    disk = f"disk {watched.root}"
    assert values == {"memory": 40, "swap": 10, "load": 0.3, disk: 40}
    assert [limits[name] for name in ("memory", "swap", disk)] == [(80,), (80,), (80, 90)]


@pytest.mark.parametrize(("age", "known"), [(179, True), (180, False)])
def test_the_cpu_is_what_the_watch_measured(
    watched: WatchedServer, age: float, known: bool
) -> None:
    watched.state.cpu, watched.state.cpu_percent = Sample(1, 2), 63.0
    watched.state.checked = NOON - age
    found = parts.usage(watched.context())
    assert ("CPU" in [one["name"] for one in found.value]) is known
    assert [one.text for one in found.problems] == (["CPU is at 63 %, limit 50 %"] if known else [])
    assert watched.state.cpu == Sample(1, 2)


def test_certificates_units_and_clock(watched: WatchedServer) -> None:
    watched.answer("openssl x509", DATES)
    watched.answer("systemctl list-units", "certbot.service loaded failed failed Certbot\n")
    watched.answer("timedatectl show", "no\n")
    context = watched.context()
    found = [parts.certificates(context), parts.units(context), parts.clock(context)]
    assert [one.value for one in found] == [{"web": 5.5}, ["certbot.service"], False]
    keys = [one.key for part in found for one in part.problems]
    assert keys == ["certificate web", "unit certbot.service", "clock"]
    programs = [call[0] for call in watched.shell.calls]
    assert programs == ["openssl", "systemctl", "timedatectl"]


def test_the_clock_of_a_container_is_not_judged(watched: WatchedServer) -> None:
    watched.file("run/systemd/container", "docker")
    assert parts.clock(watched.context()) == parts.Found(None)


def test_a_pending_reboot_is_no_problem(watched: WatchedServer) -> None:
    watched.file("run/reboot-required.pkgs", "libc6\n")
    watched.file("run/reboot-required", "")
    assert parts.reboot(watched.context()) == parts.Found(["libc6"])
