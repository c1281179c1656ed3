from typing import Any

import pytest

from host.fks_deploy.drift import services
from host.fks_deploy.drift.context import Context
from tests.host.drift.conftest import fresh
from tests.host.server import API, Server, image


def change_container(server: Server, **changes: Any) -> None:
    """Change the container of the service api in the state of the stand-in docker."""
    containers = server.state["containers"]
    containers["api"] |= changes
    server.change(containers=containers)


def found(server: Server) -> list[tuple[str, str, str]]:
    """Kind, name and state of each deviation; `compose up` repairs all."""
    deviations = list(services.containers(fresh(server.paths)))
    assert {one.repair for one in deviations} <= {"containers"}
    return [(one.kind, one.name, one.found.partition(" ")[0]) for one in deviations]


def test_the_containers_and_images_of_a_deploy_are_no_drift(
    deployed: Server, context: Context
) -> None:
    assert found(deployed) == []
    assert list(services.recorded_images(context)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "exited"}, ("container", "fks-api-1", "exited")),
        ({"name": "old"}, ("container", "old", "old")),
        ({"config": '{"image": "other"}'}, ("container", "fks-api-1", "configuration")),
        ({"image": image(9)["id"]}, ("image", "fks-api-1", "sha256:000000000000")),
    ],
)
def test_a_container_that_was_changed(
    deployed: Server, changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    change_container(deployed, **changes)
    assert found(deployed) == [expected]


def test_a_missing_container_and_one_of_no_service(deployed: Server) -> None:
    containers = deployed.state["containers"]
    old = containers.pop("api")
    containers["gone"] = {**old, "service": "gone", "name": "fks-gone-1"}
    deployed.change(containers=containers)
    assert found(deployed) == [
        ("container", "api", "missing"),
        ("container", "fks-gone-1", "running"),
    ]


def test_a_tag_that_was_moved_by_hand(deployed: Server, context: Context) -> None:
    local = [
        {**one, "tags": [tag for tag in one["tags"] if tag != API]}
        for one in deployed.state["local"]
    ]
    deployed.change(local=[*local, {**image(7), "tags": [API]}])
    (moved,) = services.recorded_images(context)
    assert (moved.kind, moved.name, moved.repair) == ("image", API, "images")
    assert moved.found == f"tag of {image(7)['id'][:19]}"


def test_a_tag_of_an_image_that_a_kept_release_runs_is_no_drift(deployed: Server) -> None:
    deployed.change(registry={**deployed.state["registry"], API: image(7)})
    first = deployed.paths.current.resolve()
    assert deployed.deploy(deployed.upload(IMAGE_REFRESH_API="1")).returncode == 0
    link = deployed.paths.current
    link.unlink()
    link.symlink_to(first)
    assert list(services.recorded_images(fresh(deployed.paths))) == []


def test_a_recorded_image_that_was_removed(deployed: Server, context: Context) -> None:
    deployed.change(local=[one for one in deployed.state["local"] if API not in one["tags"]])
    (removed,) = services.recorded_images(context)
    assert (removed.name, removed.found, removed.repair) == (API, "missing", "images")
