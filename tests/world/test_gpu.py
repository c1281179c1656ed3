"""A server that uses a GPU: stand-ins of NVIDIA's packages, and the host's /dev/zero as its GPU."""

from __future__ import annotations

import json

import pytest

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1200)]

WORKER = "api-gpu-worker"
SETTINGS = "/etc/docker/daemon.json"
# The queues that a worker consumes, as Celery answers.
CONSUMED = (
    "import json, socket; from app import celery; name = f'worker@{socket.gethostname()}';"
    "found = celery.control.inspect([name], timeout=10).active_queues()[name];"
    "print(json.dumps(sorted(queue['name'] for queue in found)))"
)


def consumed(scenario: Scenario, service: str) -> list[str]:
    """Return the queues that a worker consumes."""
    python = ["/bin/sh", "/fks/with-secrets.sh", "python", "-c", CONSUMED]
    output = scenario.in_service("single", service, *python)
    return list(json.loads(output.splitlines()[-1]))


def test_a_plan_without_a_gpu_is_an_error_of_the_preview(fresh_single: Scenario) -> None:
    fresh_single.set("fks:gpu", "true")
    outcome = fresh_single.operator.pulumi("preview")
    assert outcome.code != 0
    assert "fks:gpu is true, and fks:plan.single is 'g6-standard-4'" in outcome.display
    assert "g2-gpu-rtx4000a1-s" in outcome.display
    assert "Traceback" not in outcome.display


def test_packages_of_another_key_are_refused(single: Scenario) -> None:
    single.set("fks:plan.single", "g2-gpu-rtx4000a1-s")
    right = single.world.settings()["fks:nvidiaKeyFingerprint"]
    single.set("fks:nvidiaKeyFingerprint", "0" * 40)
    outcome = single.up()
    single.set("fks:nvidiaKeyFingerprint", right)
    assert outcome.code != 0
    assert f"gpgkey is {right}, expected {'0' * 40}" in outcome.display
    assert "set fks:nvidiaKeyFingerprint" in outcome.display
    assert "nvidia" not in single.on_server("single", "dpkg-query", "--show")


def test_the_next_up_installs_the_driver_and_starts_the_worker(single: Scenario) -> None:
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    wait_until("all roles are healthy", single.unhealthy, 120)
    assert json.loads(single.on_server("single", "cat", SETTINGS))["features"] == {"cdi": True}
    assert single.up().changes == {}


def test_the_worker_sees_the_device_and_consumes_training_tasks_only(single: Scenario) -> None:
    device = single.in_service("single", WORKER, "sh", "-c", "head -c 2 /dev/nvidia0 | od -An -tx1")
    assert device.split() == ["00", "00"]
    assert consumed(single, WORKER) == ["model_training"]
    assert consumed(single, "api-worker") == ["analysis", "celery", "default", "trading"]


def test_no_other_container_has_the_device(single: Scenario) -> None:
    listing = single.in_service("single", "api-worker", "ls", "/dev")
    assert "nvidia" not in listing


def test_the_worker_has_its_device_after_a_reboot(single: Scenario) -> None:
    first = single.on_server("single", "stat", "-c", "%Y", "/var/run/cdi/nvidia.yaml")
    single.reboot("single")

    def without_device() -> str | None:
        try:
            now = single.on_server("single", "stat", "-c", "%Y", "/var/run/cdi/nvidia.yaml")
            if now == first:
                return "the server has not rebooted"
            devices = single.in_service("single", WORKER, "ls", "/dev/nvidia0")
        except (RuntimeError, IndexError) as error:
            return str(error) or "the worker does not run"
        return None if devices.strip() == "/dev/nvidia0" else devices

    wait_until("the worker has its device", without_device, 240)


def test_without_the_setting_the_other_worker_trains_and_docker_has_no_option(
    single: Scenario,
) -> None:
    single.set("fks:gpu", "false")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert "features" not in json.loads(single.on_server("single", "cat", SETTINGS))
    assert "model_training" in consumed(single, "api-worker")
    assert WORKER not in single.on_server("single", "docker", "ps", "--all")
