"""A release has the files and plain settings of its server's roles."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.files import host_files, release_files
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec, Topology

Make = Callable[..., Settings]


REFERENCES = {
    "compose/auth/compose.yaml": "${FKS_LIB:-/var/lib/fks/lib}/blueprints:/blueprints",
    "compose/api/compose.yaml": "${FKS_LIB:-/var/lib/fks/lib}:/fks:ro, /fks/redis/start.sh",
    "compose/lib/redis/start.sh": "exec /fks/with-secrets.sh",
    "nginx/vhosts/web.conf.template": "include /etc/fks/nginx/snippets/peer-api.conf;",
    "nginx/snippets/peer-api.conf": "include /etc/fks/nginx/snippets/proxy.conf;",
    "nginx/snippets/proxy.conf": "alias /etc/fks/nginx/pages/unavailable.html;",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with the layout the real one has."""
    names = [
        *(f"compose/{part}/compose.yaml" for part in ("auth", "api", "edge")),
        "compose/lib/with-secrets.sh",
        "compose/lib/blueprints/fks.yaml",
        "compose/lib/redis/start.sh",
        "nginx/nginx.conf.template",
        "nginx/README.md",
        "nginx/edge-health",
        "nginx/pages/unavailable.html",
        "nginx/snippets/proxy.conf",
        "nginx/snippets/peer-api.conf",
        *(f"nginx/vhosts/{role}.conf.template" for role in ("auth", "api", "web", "default")),
        "host/bootstrap.sh",
        "host/cloud-init.yaml.tmpl",
        "host/bin/deploy",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(REFERENCES.get(name, name))
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
        "nginx/edge-health",
        "nginx/nginx.conf.template",
        "nginx/vhosts/auth.conf.template",
        "nginx/vhosts/default.conf.template",
        "release.env",
        "release.json",
    ]


def test_the_single_server_includes_all_stacks(settings: Make, checkout: Path) -> None:
    files = released(settings(mode="single"), "single", checkout)
    assert {f"compose/{role}/compose.yaml" for role in ("auth", "api")} <= set(files)
    assert yaml.safe_load(files["compose/single.yaml"]) == {
        "include": [f"{stack}/compose.yaml" for stack in ("auth", "api", "edge")]
    }


def test_a_server_gets_the_files_that_its_roles_refer_to(settings: Make, checkout: Path) -> None:
    found = {name: released(settings(), name, checkout) for name in ("auth", "api", "web")}
    users = {
        file: [name for name in found if file in found[name]]
        for file in (
            "compose/lib/with-secrets.sh",
            "compose/lib/redis/start.sh",
            "nginx/snippets/peer-api.conf",
            "nginx/snippets/proxy.conf",
        )
    }
    assert list(users.values()) == [["api"], ["api"], ["web"], ["web"]]


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


def test_a_missing_compose_file_is_named(settings: Make, checkout: Path) -> None:
    (checkout / "compose/api/compose.yaml").unlink()
    with pytest.raises(OperatorError, match=r"compose/api/compose\.yaml is missing"):
        released(settings(), "api", checkout)


def test_the_cloud_init_template_is_not_part_of_the_host_scripts(checkout: Path) -> None:
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
        assert "nginx/nginx.conf.template" in files


def test_every_file_of_the_checkout_is_in_some_release(settings: Make) -> None:
    """A file that nothing refers to would never reach a server."""
    found = settings(mode="single")
    topology = plan_topology(found)
    released = set(release_files(topology, found, topology.servers[0]))
    files = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for folder in ("compose", "nginx")
        for path in (PROJECT_ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert files - released == {"nginx/README.md", "compose/README.md", "compose/dev/compose.yaml"}
