"""Replicas are replaced in turn, by bin/deploy with the stand-in docker."""

import json
from typing import Any

import pytest

from tests.host.deploys import current
from tests.host.server import API, EDGE, Server, image

NEW_API, NEW_EDGE = API + "-2", EDGE + "-2"
IMAGES = {API: image(1), EDGE: image(2), NEW_API: image(7), NEW_EDGE: image(8)}
TEMPLATE = """\
server 127.0.0.1:8000 max_fails=1;
server 127.0.0.1:8001 max_fails=1;
"""
BEAT = '"beat": {"image": "${IMAGE_API:?}"}'
ALL_UP = TEMPLATE
FIRST_DOWN = TEMPLATE.replace("8000 max_fails=1", "8000 max_fails=1 down")
SECOND_DOWN = TEMPLATE.replace("8001 max_fails=1", "8001 max_fails=1 down")


def release(*replicas: str) -> dict[str, str]:
    """The files of a release in which these services are replicas of the API."""
    services = {
        name: {
            "image": "${IMAGE_API:?}",
            "ports": [{"published": str(8000 + number)}],
            "labels": {"fks.rolling": "api"},
            "secrets": [{"source": "JWT_SECRET"}],
        }
        for number, name in enumerate(replicas)
    }
    secret = {"file": "${FKS_SECRETS}/api/JWT_SECRET"}
    services |= {"edge": {"image": "${IMAGE_EDGE:?}"}}
    document = {"services": services, "secrets": {"JWT_SECRET": secret}}
    return {
        "compose/api.yaml": json.dumps(document).replace('"edge"', f'{BEAT}, "edge"', 1),
        "nginx/vhosts/api.conf.template": TEMPLATE,
    }


def replaced(server: Server) -> list[list[str]]:
    """[service, nginx's configuration at that moment] since the last call."""
    found = list(server.state.get("replaced", []))
    server.change(replaced=[])
    return found


@pytest.fixture
def two(server: Server) -> Server:
    """A server with two replicas in service, and newer images."""
    assert server.deploy(server.upload(release("api", "api-2"))).returncode == 0
    replaced(server)
    server.change(registry=IMAGES)
    return server


def test_the_first_deploy_starts_all_replicas_together(server: Server) -> None:
    done = server.deploy(server.upload(release("api", "api-2")))
    assert (done.returncode, done.stderr) == (0, "")
    assert [name for name, _ in replaced(server)] == ["api", "api-2", "beat", "edge"]
    assert len(server.calls("up")) == 1


def test_replicas_are_replaced_in_turn_and_get_no_requests_meanwhile(two: Server) -> None:
    done = two.deploy(two.upload(release("api", "api-2"), IMAGE_API=NEW_API))
    assert (done.returncode, done.stderr) == (0, "")
    assert replaced(two) == [["beat", ALL_UP], ["api", FIRST_DOWN], ["api-2", SECOND_DOWN]]
    assert "replaced in turn: beat, api, api-2" in done.stdout
    assert two.state["served"]["api.conf"] == ALL_UP


def test_changed_services_are_replaced_one_by_one_after_what_they_need(server: Server) -> None:
    """Each in an `up` of its own."""
    needs: dict[str, dict[str, Any]] = {
        "worker": {"queue": {}},
        "queue": {"database": {}},
        "database": {},
        "edge": {},
    }
    services = {
        name: {"image": "${IMAGE_API:?}", "depends_on": needed, "mem_limit": "${LIMIT:?}"}
        for name, needed in needs.items()
    }
    files = {"compose/api.yaml": json.dumps({"services": services})}
    server.secrets = {}
    assert server.deploy(server.upload(files, LIMIT="1m")).returncode == 0
    before = len(server.calls("up"))
    done = server.deploy(server.upload(files, LIMIT="2m"))
    assert (done.returncode, done.stderr) == (0, "")
    last = [call[-1] for call in server.calls("up")[before:]]
    assert sorted(last) == ["--remove-orphans", "database", "edge", "queue", "worker"]
    assert last[-1] == "--remove-orphans"
    assert last.index("database") < last.index("queue") < last.index("worker")


def test_dependencies_are_part_of_what_compose_compares(two: Server) -> None:
    """With --no-deps Compose would replace all replicas once more, at once, at the next `up`."""
    two.deploy(two.upload(release("api", "api-2"), IMAGE_API=NEW_API))
    assert two.calls("--force-recreate")
    assert not two.calls("--no-deps")


def test_an_unchanged_replica_is_not_replaced(two: Server) -> None:
    done = two.deploy(two.upload(release("api", "api-2"), IMAGE_EDGE=NEW_EDGE))
    assert done.returncode == 0
    assert [name for name, _ in replaced(two)] == ["edge"]
    assert not two.calls("--force-recreate")


def test_a_new_secret_replaces_replicas_in_turn(two: Server) -> None:
    two.secrets["api"]["JWT_SECRET"] = "another-value"
    done = two.deploy(current(two))
    assert done.returncode == 0
    assert replaced(two) == [["api", FIRST_DOWN], ["api-2", SECOND_DOWN]]


def test_an_additional_replica_starts_before_the_present_one_is_replaced(server: Server) -> None:
    server.deploy(server.upload(release("api")))
    replaced(server)
    server.change(registry=IMAGES)
    assert server.deploy(server.upload(release("api", "api-2"), IMAGE_API=NEW_API)).returncode == 0
    names = [name for name, _ in replaced(server)]
    assert names == ["beat", "api-2", "api"]


def test_a_failing_replica_stops_the_replacement_and_the_other_one_serves(two: Server) -> None:
    first = current(two)
    two.change(broken=[image(7)["id"]])
    files = release("api", "api-2")
    # The scheduler's image is the application's, and its failure would come first.
    files["compose/api.yaml"] = files["compose/api.yaml"].replace(BEAT, BEAT.replace("API", "EDGE"))
    done = two.deploy(two.upload(files, IMAGE_API=NEW_API))
    assert done.returncode == 1
    assert f"rollback: release {first[:12]} is in service" in done.stdout
    replicas = [one for one in replaced(two) if one[0].startswith("api")]
    assert replicas == [["api", FIRST_DOWN], ["api", FIRST_DOWN]]
    assert two.state["containers"]["api"]["image"] == image(1)["id"]
    assert two.state["served"]["api.conf"] == ALL_UP


def test_an_unhealthy_replica_is_replaced_before_a_healthy_one(two: Server) -> None:
    containers = two.state["containers"]
    containers["api"]["status"] = "exited"
    two.change(containers=containers)
    assert two.deploy(two.upload(release("api", "api-2"), IMAGE_API=NEW_API)).returncode == 0
    assert replaced(two)[1:] == [["api", FIRST_DOWN], ["api-2", SECOND_DOWN]]


def test_the_only_healthy_replica_stays_in_nginx(two: Server) -> None:
    containers = two.state["containers"]
    containers["api-2"]["status"] = "exited"
    two.change(containers=containers)
    assert two.deploy(two.upload(release("api"), IMAGE_API=NEW_API)).returncode == 0
    assert [one for one in replaced(two) if one[0] == "api"] == [["api", ALL_UP]]
