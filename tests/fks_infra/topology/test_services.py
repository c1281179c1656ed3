"""A server's services: limits from the plan, changes by `fks:services`, optional services."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fks_infra.config.plans import PLANS
from fks_infra.config.settings import ServiceOverride, Settings
from fks_infra.roles import SERVICES
from fks_infra.roles.role import Role, Service
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec, Topology
from fks_infra.topology.services import ServiceSpec, left_out_notices, services_of
from fks_infra.topology.sizing import headroom

Make = Callable[..., Settings]


def test_a_digest_pins_the_image(settings: Make) -> None:
    digest = "sha256:" + "a" * 64
    topology = plan_topology(settings(services={"api": {"digest": digest}}))
    images = {s.name: s.image for server in topology.servers for s in server.services}
    assert images["api"] == f"docker.io/nuniesmith/fks:api-latest@{digest}"
    assert images["api-worker"] == "docker.io/nuniesmith/fks:worker-latest"


def limits(topology: Topology) -> dict[str, int]:
    return {s.name: s.memory for server in topology.servers for s in server.services}


def api_server(settings: Make, plan: str, **changes: Any) -> ServerSpec:
    return plan_topology(settings(plan={"api": plan}, **changes)).servers[1]


def test_a_larger_plan_gives_more_memory_buffers_and_workers(settings: Make) -> None:
    small, large = (api_server(settings, plan) for plan in ("g6-standard-2", "g6-standard-4"))
    before = {service.name: service for service in small.services}
    for service in large.services:
        grows = service.name != "api-beat"
        assert (service.memory > before[service.name].memory) == grows, service.name
    for name, variable in [
        ("api-postgres", "API_POSTGRES_SHARED_BUFFERS"),
        ("api-postgres", "API_POSTGRES_EFFECTIVE_CACHE_SIZE"),
        ("api-postgres", "API_POSTGRES_MAX_CONNECTIONS"),
        ("api", "API_WORKERS"),
        ("api-worker", "WORKER_CONCURRENCY"),
    ]:
        (after,) = (service for service in large.services if service.name == name)
        numbers = [
            int(service.tuning[variable].removesuffix("MB")) for service in (before[name], after)
        ]
        assert numbers[0] < numbers[1], variable


@pytest.mark.parametrize("plan", ["g6-standard-2", "g6-standard-4", "g6-standard-8"])
def test_a_plan_is_used_up_to_its_headroom(settings: Make, plan: str) -> None:
    server = api_server(settings, plan)
    available = server.plan.memory - headroom(server.plan)
    assert available - 16 * len(server.services) <= server.memory_limit <= available


def test_a_limit_of_the_settings_is_exact_and_the_others_divide_the_rest(settings: Make) -> None:
    plan = {"api": "g6-standard-4"}
    free = limits(plan_topology(settings(plan=plan)))
    fixed = limits(plan_topology(settings(plan=plan, services={"api-postgres": {"memory": 800}})))
    assert fixed["api-postgres"] == 800
    assert fixed["api-worker"] > free["api-worker"]


def test_zram_is_not_divided(settings: Make) -> None:
    auth = plan_topology(settings()).servers[0]
    assert auth.zram == 1024
    assert {s.name: s.memory for s in auth.services}["auth-server"] == 560


@pytest.mark.parametrize(
    ("plan", "low_memory"),
    [("g6-standard-2", True), ("g6-standard-4", False), ("g6-dedicated-16", False)],
)
def test_the_processes_of_a_service_fit_its_limit(
    settings: Make, plan: str, low_memory: bool
) -> None:
    chosen = settings(mode="single", lowMemory=low_memory, plan={"single": plan})
    (server,) = plan_topology(chosen).servers
    found = {service.name: service for service in server.services}
    for service in (service for service in SERVICES if service.processes):
        processes, spec = service.processes, found[service.name]
        assert processes
        count = int(spec.tuning[processes.variable])
        assert processes.base + count * processes.memory <= spec.memory
        assert 1 <= count <= processes.per_core * server.plan.vcpus


ORIGINAL = Service(name="app", image="app:1", memory=64, port=8000)
REPLICA = Service(name="app-2", image="app:1", memory=64, port=8002, replica_of="app")
OPTIONAL = Service(name="extra", image="", memory=64)
TRAINING = Service(name="training", image="train:1", memory=64, gpu=True)
ROLE = Role(
    name="app",
    label="app",
    plan="g6-nanode-1",
    entry="app",
    services=(ORIGINAL, REPLICA, OPTIONAL, TRAINING),
)


def services(settings: Settings) -> dict[str, ServiceSpec]:
    return {s.name: s for s in services_of((ROLE,), settings, PLANS["g6-nanode-1"])}


def test_a_replica_has_what_the_settings_change_of_its_original(settings: Make) -> None:
    changes = {
        "app": ServiceOverride(image="app:2", digest="sha256:1", memory=80, port=9000),
        "app-2": ServiceOverride(port=9002),
    }
    found = services(replace(settings(), services=changes))
    assert (found["app-2"].image, found["app-2"].memory) == ("app:2@sha256:1", 80)
    assert (found["app"].port, found["app-2"].port) == (9000, 9002)


def test_a_service_without_an_image_is_left_out_with_a_notice(settings: Make) -> None:
    assert set(services(settings())) == {"app", "app-2", "edge"}
    assert [*left_out_notices((ROLE,), settings())] == [
        "fks:services.extra.image is not set: extra is left out."
    ]


def test_an_image_brings_an_optional_service_in(settings: Make) -> None:
    found = replace(settings(), services={"extra": ServiceOverride(image="extra:1")})
    assert services(found)["extra"].image == "extra:1"
    assert [*left_out_notices((ROLE,), found)] == []


def test_a_service_for_a_gpu_needs_the_setting(settings: Make) -> None:
    assert services(settings(gpu=True))["training"].image == "train:1"
    role = replace(ROLE, services=(replace(TRAINING, image=""),))
    assert [*left_out_notices((role,), settings())] == []
    assert len([*left_out_notices((role,), settings(gpu=True))]) == 1


def test_the_write_ahead_log_has_the_image_of_its_database(settings: Make) -> None:
    log = Service(name="app-log", image="app:1", image_of="app", memory=32, pitr=True)
    role = replace(ROLE, services=(ORIGINAL, log))
    changes = {
        "app": ServiceOverride(image="app:2", digest="sha256:1", memory=80, port=9000),
        "app-log": ServiceOverride(memory=40),
    }

    def found(**more: object) -> dict[str, ServiceSpec]:
        chosen = replace(settings(**more), services=changes)
        return {s.name: s for s in services_of((role,), chosen, PLANS["g6-nanode-1"])}

    assert set(found()) == {"app", "edge"}
    spec = found(backup={"pitr": True})["app-log"]
    assert (spec.image, spec.memory, spec.port) == ("app:2@sha256:1", 40, None)
