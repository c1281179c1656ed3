"""A deploy with another volume of PostgreSQL: refused, completed, or undone."""

import json
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.upgrade import record
from host.fks_deploy.upgrade.record import COPIED, SERVING, Data, Record
from tests.host.deploys import current
from tests.host.server import API, EDGE, Server, image
from tests.host.test_postgres_version import DATA, POSTGRES, postgres

OLD, NEW = "fks_data", "fks_data-pg18"


def release(version: int, volume: str) -> dict[str, str]:
    """The files of a release with this PostgreSQL and volume, and a service that uses it."""
    database = {
        "image": f"{POSTGRES}:{version}",
        "environment": {"PGDATA": DATA, "POSTGRES_USER": "fks", "POSTGRES_DB": "fks"},
        "volumes": [{"type": "volume", "source": "data", "target": DATA}],
    }
    api = {"image": "${IMAGE_API:?}", "depends_on": {"db": {"condition": "service_healthy"}}}
    services = {"db": database, "api": api, "edge": {"image": "${IMAGE_EDGE:?}"}}
    document = {"services": services, "volumes": {"data": {"name": volume}}}
    return {"compose/api.yaml": json.dumps(document)}


def with_version(server: Server, version: int) -> Path:
    """The directory of a volume's data."""
    directory = server.root / f"data-{version}"
    directory.mkdir()
    (directory / "PG_VERSION").write_text(f"{version}\n")
    return directory


@pytest.fixture
def copied(server: Server) -> Server:
    """A server whose data was copied: maintenance is on and the database has no container."""
    server.change(
        registry={
            API: image(1),
            EDGE: image(2),
            f"{POSTGRES}:17": postgres(3, "PG_MAJOR=17"),
            f"{POSTGRES}:18": postgres(5, "PG_MAJOR=18"),
        },
        volumes={OLD: str(with_version(server, 17)), NEW: str(with_version(server, 18))},
    )
    assert server.deploy(server.upload(release(17, OLD))).returncode == 0
    containers = server.state["containers"]
    del containers["db"]
    server.change(containers=containers)
    maintenance.switch_on(server.paths, "ann", "")
    old, new = (Data(OLD, f"{POSTGRES}:17", "17"), Data(NEW, f"{POSTGRES}:18", "18"))
    record.save(server.paths, Record("db", COPIED, "ann", "2026-11-27T10:00:00Z", old, new))
    return server


def state(server: Server) -> Any:
    """The upgrade's state, whether maintenance is on, and the volumes."""
    found = record.load(server.paths, "db")
    volumes = sorted(server.state["volumes"])
    return (found and found.state, maintenance.read(server.paths) is not None, volumes)


def test_the_release_with_the_copy_completes_the_upgrade(copied: Server) -> None:
    done = copied.deploy(copied.upload(release(18, NEW)))
    assert done.returncode == 0, done.stderr
    assert "db serves with PostgreSQL 18" in done.stdout
    assert state(copied) == (SERVING, False, [OLD, NEW])


def test_a_release_that_fails_is_undone_with_its_copy(copied: Server) -> None:
    first = current(copied)
    copied.change(broken=[postgres(5)["id"]])
    done = copied.deploy(copied.upload(release(18, NEW)))
    assert done.returncode == 1
    assert "db serves with PostgreSQL 17 and the volume fks_data again" in done.stdout
    assert state(copied) == (None, False, [OLD])
    assert current(copied) == first
    assert copied.state["containers"]["db"]["image"] == postgres(3)["id"]


def test_a_release_that_cannot_be_pulled_is_undone_too(copied: Server) -> None:
    copied.change(registry={API: image(1), EDGE: image(2)})
    assert copied.deploy(copied.upload(release(18, NEW))).returncode == 1
    assert state(copied) == (None, False, [OLD])
    assert "db" in copied.state["containers"]


def test_another_release_waits_for_the_upgrade(copied: Server) -> None:
    done = copied.deploy(copied.upload(release(17, OLD), NAME="other"))
    assert done.returncode == 1
    assert "db is being upgraded by ann since 2026-11-27T10:00:00Z" in done.stderr
    assert state(copied) == (COPIED, True, [OLD, NEW])


def test_a_copy_whose_database_ran_again_is_not_used(copied: Server) -> None:
    containers = copied.state["containers"]
    copied.change(containers={**containers, "db": {**containers["api"], "service": "db"}})
    done = copied.deploy(copied.upload(release(18, NEW)))
    assert done.returncode == 1
    assert "db was started after its data was copied" in done.stderr


def test_another_volume_without_a_copy_is_refused_before_anything_stops(copied: Server) -> None:
    record.forget(copied.paths, "db")
    before = copied.state["containers"]
    done = copied.deploy(copied.upload(release(18, NEW)))
    assert done.returncode == 1
    assert (
        "the data is in the volume fks_data, and the release declares fks_data-pg18" in done.stderr
    )
    assert "Run fks upgrade postgres" in done.stderr
    assert copied.state["containers"] == before
