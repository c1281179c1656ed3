"""The variables of a release: the roles' own, images, memory limits, names."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.release.environment import release_environment
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


def test_the_environment_holds_images_limits_and_names(settings: Make) -> None:
    found = settings(mode="single")
    topology = plan_topology(found)
    values = release_environment(topology, found, topology.servers[0])
    expected = {
        "FKS_MODE": "single",
        "IMAGE_AUTH_SERVER": "ghcr.io/goauthentik/server:2026.8.6",
        "MEMORY_API_BEAT": "160m",
        "AUTH_DOMAIN": "auth.fkstrading.xyz",
        "WEB_NAMES": "fkstrading.xyz www.fkstrading.xyz",
        "AUTH_PORT": "9000",
        "AUTH_WORKER_PORT": "9001",
        "API_PORT": "8000",
        "API_2_PORT": "8001",
        "IMAGE_WEB": "docker.io/nuniesmith/fks:web-latest",
        "POSTGRES_USER": "fks_user",
        "POSTGRES_DB": "fks_trading",
        "TZ": "UTC",
    }
    assert expected.items() <= values.items()
    assert values["COMPOSE_PROFILES"] == ""
    assert not {"WEB_PORT", "MEMORY_WEB", "IMAGE_REFRESH_API"} & set(values)


def test_the_environment_has_what_follows_from_the_plan(settings: Make) -> None:
    found = settings()
    topology = plan_topology(found)
    values = release_environment(topology, found, topology.servers[1])
    assert values["WORKER_CONCURRENCY"] == "2"
    assert values["PIDS_EDGE"] == "128"
    limit = int(values["MEMORY_API_POSTGRES"].removesuffix("m"))
    assert values["API_POSTGRES_SHARED_BUFFERS"] == f"{limit // 4}MB"


def test_a_server_has_the_variables_of_its_roles_only(settings: Make) -> None:
    found = settings()
    topology = plan_topology(found)
    values = {s.name: release_environment(topology, found, s) for s in topology.servers}
    assert [name for name in values if "POSTGRES_DB" in values[name]] == ["api"]
    assert [name for name in values if "WEB_NAMES" in values[name]] == ["web"]
    assert all(value["API_DOMAIN"] == "api.fkstrading.xyz" for value in values.values())


def test_a_new_refresh_changes_the_variables_of_its_server_only(settings: Make) -> None:
    found = settings(services={"api-beat": {"refresh": 2}, "web": {"refresh": "2026-12-01"}})
    topology = plan_topology(found)
    values = {s.name: release_environment(topology, found, s) for s in topology.servers}
    refreshes = {
        name: {key: text for key, text in variables.items() if "REFRESH" in key}
        for name, variables in values.items()
    }
    assert refreshes == {
        "auth": {},
        "api": {"IMAGE_REFRESH_API_BEAT": "2"},
        "web": {"IMAGE_REFRESH_WEB": "2026-12-01"},
    }


def test_a_service_with_an_image_is_in_a_profile_of_compose(settings: Make) -> None:
    found = settings(services={"market-data": {"image": "example/data:1"}})
    topology = plan_topology(found)
    values = {s.name: release_environment(topology, found, s) for s in topology.servers}
    assert values["api"]["COMPOSE_PROFILES"] == "market-data"
    assert values["api"]["IMAGE_MARKET_DATA"] == "example/data:1"
    assert values["auth"]["COMPOSE_PROFILES"] == ""
    assert "WORKER_QUEUES" not in values["api"]


def test_training_belongs_to_the_gpu_worker(settings: Make) -> None:
    found = settings(gpu=True, plan={"api": "g2-gpu-rtx4000a1-s"})
    topology = plan_topology(found)
    values = release_environment(topology, found, topology.servers[1])
    assert values["COMPOSE_PROFILES"] == "api-gpu-worker"
    assert values["WORKER_QUEUES"] == "celery,default,trading,analysis"
