"""`fks:services` changes image and directory of a static build."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.topology.builds import BuildSpec
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]
DIGEST = "sha256:" + "a" * 64


def builds(found: Settings) -> dict[str, tuple[BuildSpec, ...]]:
    return {server.name: server.builds for server in plan_topology(found).servers}


def test_only_the_web_server_has_a_build_and_no_container_beside_the_edge(settings: Make) -> None:
    topology = plan_topology(settings())
    assert builds(settings()) == {
        "auth": (),
        "api": (),
        "web": (
            BuildSpec(
                name="web",
                key="WEB",
                image="docker.io/nuniesmith/fks:web-latest",
                root="/usr/share/nginx/html",
            ),
        ),
    }
    (web,) = (server for server in topology.servers if server.name == "web")
    assert [service.name for service in web.services] == ["edge"]


def test_image_digest_and_root_are_settings(settings: Make) -> None:
    changed = {"image": "ghcr.io/me/app:2", "digest": DIGEST, "root": "/app/dist"}
    (web,) = builds(settings(mode="single", services={"web": changed}))["single"]
    assert (web.image, web.root) == (f"ghcr.io/me/app:2@{DIGEST}", "/app/dist")
