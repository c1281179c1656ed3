"""Data of another major version of PostgreSQL is found before anything stops."""

import json
from typing import Any

import pytest

from tests.host.deploys import current
from tests.host.server import API, EDGE, Server, image

POSTGRES = "docker.io/library/postgres"
DATA = "/var/lib/postgresql/data"


def postgres(number: int, *env: str) -> dict[str, Any]:
    """An image in the state of the stand-in docker."""
    return {**image(number, "postgres"), "env": ["PATH=/bin", *env]}


def release(tag: str) -> dict[str, str]:
    """The files of a release with a database."""
    service = {
        "image": f"{POSTGRES}:{tag}",
        "environment": {"PGDATA": DATA},
        "volumes": [
            {"type": "bind", "source": "/var/lib/fks/lib", "target": "/fks"},
            {"type": "volume", "source": "data", "target": DATA},
        ],
    }
    document = {
        "services": {"db": service, "edge": {"image": "${IMAGE_EDGE:?}"}},
        "volumes": {"data": {"name": "fks_data"}},
    }
    return {"compose/api.yaml": json.dumps(document)}


@pytest.fixture
def with_data(server: Server) -> Server:
    """A server in service whose volume has data of PostgreSQL 17."""
    server.change(
        registry={
            API: image(1),
            EDGE: image(2),
            f"{POSTGRES}:17": postgres(3, "PG_MAJOR=17"),
            f"{POSTGRES}:17.13": postgres(4, "PG_MAJOR=17"),
            f"{POSTGRES}:18": postgres(5, "PG_MAJOR=18"),
            f"{POSTGRES}:own": postgres(6),
        },
        volumes={"fks_data": str(server.root / "data")},
    )
    (server.root / "data").mkdir()
    assert server.deploy(server.upload(release("17"))).returncode == 0
    (server.root / "data/PG_VERSION").write_text("17\n")
    return server


def test_a_new_major_version_fails_the_deploy_before_anything_stops(with_data: Server) -> None:
    first, containers = current(with_data), with_data.state["containers"]
    done = with_data.deploy(with_data.upload(release("18")))
    assert done.returncode == 1
    assert (
        f"db: {POSTGRES}" in done.stderr
        and "is PostgreSQL 18, and the volume fks_data has data of PostgreSQL 17" in done.stderr
        and "Set fks:services.db.image to an image of PostgreSQL 17" in done.stderr
        and "fks upgrade postgres" in done.stderr
    )
    assert (current(with_data), with_data.state["containers"]) == (first, containers)
    assert "rollback" not in with_data.journal()[-1]


@pytest.mark.parametrize("tag", ["17.13", "own"])
def test_the_same_major_version_and_an_unknown_one_are_deployed(
    with_data: Server, tag: str
) -> None:
    assert with_data.deploy(with_data.upload(release(tag))).returncode == 0


def test_a_new_volume_takes_every_version(with_data: Server) -> None:
    (with_data.root / "data/PG_VERSION").unlink()
    done = with_data.deploy(with_data.upload(release("18")))
    assert (done.returncode, done.stderr) == (0, "")
    assert "db is new" in done.stdout
