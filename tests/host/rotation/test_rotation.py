"""Changed passwords of databases, by bin/deploy with the stand-in docker."""

import json
import shutil
from pathlib import Path

import pytest

from host.fks_deploy.rotation.scram import verifier
from tests.host.deploys import everything_written
from tests.host.server import Server

DATABASE, QUEUE = "POSTGRES_PASSWORD", "REDIS_PASSWORD"
OLD = {name: f"canary-old-{name.lower()}" for name in (DATABASE, QUEUE, "JWT_SECRET")}
NEW = {name: f"canary-new-{name.lower()}" for name in OLD}


def release() -> dict[str, str]:
    """The files of a release with a PostgreSQL and a Redis, which `api` uses."""
    image = "${IMAGE_API:?}"
    services = {
        "api": {"image": image, "secrets": [{"source": name} for name in OLD]},
        "database": _store(image, "postgres", DATABASE),
        "queue": _store(image, "redis", QUEUE),
        "edge": {"image": "${IMAGE_EDGE:?}"},
    }
    files = {name: {"file": "${FKS_SECRETS}/api/" + name} for name in OLD}
    return {"compose/api.yaml": json.dumps({"services": services, "secrets": files})}


def _store(image: str, kind: str, secret: str) -> dict[str, object]:
    return {"image": image, "labels": {"fks.password": kind}, "secrets": [{"source": secret}]}


@pytest.fixture
def stores(server: Server) -> Server:
    """A server in service with the old passwords; each deploy request has the new ones."""
    server.secrets = {"api": OLD}
    done = server.deploy(server.upload(release()))
    assert done.returncode == 0, done.stderr
    server.change(passwords={"database": [OLD[DATABASE]], "queue": [OLD[QUEUE]]}, replaced=[])
    server.secrets = {"api": NEW}
    return server


def deploy(server: Server) -> str:
    """What a successful deploy of the same release printed."""
    done = server.deploy(server.upload(release()))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def assert_rotated(server: Server) -> None:
    """Everything has the new values, and nothing the old ones."""
    (database,) = server.state["passwords"]["database"]
    assert database.startswith("SCRAM-SHA-256$4096:")
    assert server.state["passwords"]["queue"] == [NEW[QUEUE]]
    assert server.state["live"] == {"database": NEW[DATABASE], "queue": NEW[QUEUE]}
    stored = {file.name: file.read_text() for file in server.paths.secrets.glob("api/*")}
    assert stored == NEW
    assert not list(server.paths.previous_secrets.glob("*/*"))


def test_databases_change_their_passwords_and_their_clients_are_replaced(stores: Server) -> None:
    printed = deploy(stores)
    assert_rotated(stores)
    assert [name for name, _ in stores.state["replaced"]] == ["api"]
    assert "api/POSTGRES_PASSWORD: database refuses the old value" in printed
    assert "api/REDIS_PASSWORD: queue refuses the old value" in printed
    assert "api/JWT_SECRET: no container has the old value" in printed


def test_the_journal_names_each_rotated_secret(stores: Server) -> None:
    deploy(stores)
    texts = {entry["text"].partition(":")[0] for entry in stores.journal() if "text" in entry}
    assert texts == {f"api/{name}" for name in OLD}


def test_no_value_is_printed_or_logged(stores: Server) -> None:
    done = stores.deploy(stores.upload(release()))
    written = everything_written(stores, done)
    assert not [value for value in (*OLD.values(), *NEW.values()) if value in written]


def test_a_deploy_with_the_same_secrets_asks_no_database(stores: Server) -> None:
    stores.secrets = {"api": OLD}
    printed = deploy(stores)
    assert not stores.calls("sh")
    assert "nothing to do" in printed


def test_a_rotation_of_a_stopped_database_is_refused_and_changes_nothing(stores: Server) -> None:
    containers = stores.state["containers"]
    containers["queue"]["status"] = "exited"
    stores.change(containers=containers)
    done = stores.deploy(stores.upload(release()))
    assert done.returncode == 1
    assert "the password of queue cannot be changed, because it does not run" in done.stderr
    stored = {file.name: file.read_text() for file in stores.paths.secrets.glob("api/*")}
    assert stored == OLD


@pytest.mark.parametrize(
    ("accepted", "written"), [("old", False), ("both", False), ("both", True), ("new", True)]
)
def test_a_deploy_after_an_interrupted_one_finishes_the_rotation(
    stores: Server, accepted: str, written: bool
) -> None:
    _interrupted(stores, accepted, written)
    deploy(stores)
    assert_rotated(stores)


def _interrupted(server: Server, accepted: str, written: bool) -> None:
    """As a deploy leaves a server when it is killed."""
    previous = server.paths.previous_secrets / "api"
    shutil.copytree(server.paths.secrets / "api", previous)
    values = {"old": (OLD,), "both": (OLD, NEW), "new": (NEW,)}[accepted]
    queue = [one[QUEUE] for one in values]
    database = [verifier(values[-1][DATABASE])]
    server.change(passwords={"database": database, "queue": queue})
    if written:
        for name, value in NEW.items():
            _replace(server.paths.secrets / "api" / name, value)


def _replace(file: Path, value: str) -> None:
    file.unlink()
    file.write_text(value)


def test_a_further_rotation_after_an_interrupted_one_revokes_all_earlier_values(
    stores: Server,
) -> None:
    _interrupted(stores, "both", written=True)
    third = {name: f"canary-third-{name.lower()}" for name in OLD}
    stores.secrets = {"api": third}
    deploy(stores)
    assert stores.state["passwords"]["queue"] == [third[QUEUE]]


def test_an_old_value_that_stays_accepted_is_an_error_and_is_kept(stores: Server) -> None:
    stores.change(sticky=True)
    done = stores.deploy(stores.upload(release()))
    assert done.returncode == 1
    assert "queue does not refuse the old value of api/REDIS_PASSWORD" in done.stderr
    assert (stores.paths.previous_secrets / "api" / QUEUE).read_text() == OLD[QUEUE]
