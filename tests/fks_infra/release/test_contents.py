"""Releases: each server gets its own roles' files, plain settings, and nothing secret."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.release.contents import host_files, release_environment, release_files
from fks_infra.topology.planning import ServerSpec, Topology, plan_topology

Make = Callable[..., Settings]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with the layout the real one has."""
    names = [
        *(f"compose/{server}.yaml" for server in ("auth", "api", "web", "single")),
        *(f"compose/{part}/compose.yaml" for part in ("auth", "api", "web", "edge")),
        "compose/lib/with-secrets.sh",
        "compose/lib/blueprints/fks.yaml",
        "compose/lib/redis/queue.conf",
        "nginx/nginx.conf",
        "nginx/Dockerfile",
        "nginx/pages/unavailable.html",
        "nginx/snippets/proxy.conf",
        *(f"nginx/vhosts/{role}.conf.template" for role in ("auth", "api", "web", "default")),
        "host/bootstrap.sh",
        "host/cloud-init.yaml.tmpl",
        "host/bin/deploy",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def server_of(topology: Topology, name: str) -> ServerSpec:
    return next(server for server in topology.servers if server.name == name)


def released(settings: Settings, name: str, root: Path) -> dict[str, bytes]:
    topology = plan_topology(settings)
    return release_files(topology, settings, server_of(topology, name), root)


def test_a_server_gets_only_its_roles_files(settings: Make, checkout: Path) -> None:
    assert sorted(released(settings(), "auth", checkout)) == [
        "compose/auth.yaml",
        "compose/auth/compose.yaml",
        "compose/edge/compose.yaml",
        "compose/lib/blueprints/fks.yaml",
        "compose/lib/with-secrets.sh",
        "nginx/nginx.conf",
        "nginx/snippets/proxy.conf",
        "nginx/vhosts/auth.conf.template",
        "nginx/vhosts/default.conf.template",
        "release.env",
        "release.json",
    ]


def test_the_single_server_carries_the_three_stacks(settings: Make, checkout: Path) -> None:
    files = released(settings(mode="single"), "single", checkout)
    assert {f"compose/{role}/compose.yaml" for role in ("auth", "api", "web")} <= set(files)
    assert "compose/single.yaml" in files
    assert "compose/api.yaml" not in files


def test_one_changed_file_changes_only_the_release_it_is_in(settings: Make, checkout: Path) -> None:
    found = settings()
    before = {name: released(found, name, checkout) for name in ("auth", "api", "web")}
    (checkout / "nginx/vhosts/web.conf.template").write_text("changed")
    after = {name: released(found, name, checkout) for name in ("auth", "api", "web")}
    assert [name for name in before if before[name] != after[name]] == ["web"]


def test_a_changed_image_changes_only_its_server(settings: Make, checkout: Path) -> None:
    before = {name: released(settings(), name, checkout) for name in ("auth", "api", "web")}
    changed = settings(services={"web": {"image": "docker.io/nuniesmith/fks:web-2"}})
    after = {name: released(changed, name, checkout) for name in ("auth", "api", "web")}
    assert [name for name in before if before[name] != after[name]] == ["web"]


def test_the_manifest_says_what_the_host_needs(settings: Make, checkout: Path) -> None:
    manifest = json.loads(released(settings(), "api", checkout)["release.json"])
    assert {key: manifest[key] for key in ("server", "mode", "roles", "compose_file")} == {
        "server": "api",
        "mode": "multi",
        "roles": ["api"],
        "compose_file": "compose/api.yaml",
    }
    assert manifest["domains"]["auth"] == "auth.fkstrading.xyz"
    assert [probe["path"] for probe in manifest["probes"]] == ["/health", "/health/deep"]
    assert {probe["host"] for probe in manifest["probes"]} == {"api.fkstrading.xyz"}


def test_the_environment_holds_images_limits_and_names(settings: Make) -> None:
    found = settings(mode="single")
    topology = plan_topology(found)
    values = release_environment(topology, found, topology.servers[0])
    expected = {
        "FKS_MODE": "single",
        "IMAGE_AUTH_SERVER": "ghcr.io/goauthentik/server:2026.8.5",
        "MEMORY_AUTH_POSTGRES": "128m",
        "AUTH_DOMAIN": "auth.fkstrading.xyz",
        "WEB_NAMES": "fkstrading.xyz www.fkstrading.xyz",
        "AUTH_PORT": "9000",
        "API_PORT": "8000",
        "WEB_PORT": "8080",
        "POSTGRES_USER": "fks_user",
        "POSTGRES_DB": "fks_trading",
        "TZ": "UTC",
    }
    assert expected.items() <= values.items()
    assert "WORKER_CONCURRENCY" not in values


def test_low_memory_means_one_worker_process(settings: Make) -> None:
    found = settings(mode="single", lowMemory=True, plan={"single": "g6-standard-2"})
    topology = plan_topology(found)
    values = release_environment(topology, found, topology.servers[0])
    assert (values["WORKER_CONCURRENCY"], values["API_WORKERS"]) == ("1", "1")


def test_a_missing_compose_file_is_named(settings: Make, checkout: Path) -> None:
    (checkout / "compose/api.yaml").unlink()
    with pytest.raises(OperatorError, match=r"compose/api\.yaml is missing"):
        released(settings(), "api", checkout)


def test_the_first_boot_is_not_part_of_the_host_scripts(checkout: Path) -> None:
    assert sorted(host_files(checkout)) == ["bin/deploy", "bootstrap.sh"]


@pytest.mark.parametrize(("mode", "names"), [("multi", "auth api web"), ("single", "single")])
def test_the_real_checkout_makes_a_release_for_every_server(
    settings: Make, mode: str, names: str
) -> None:
    found = settings(mode=mode)
    topology = plan_topology(found)
    for name in names.split():
        files = release_files(topology, found, server_of(topology, name))
        assert f"compose/{name}.yaml" in files
        assert "nginx/nginx.conf" in files
