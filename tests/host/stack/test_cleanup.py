"""`stack cleanup`: what is deleted, what stays, and that nothing is without a dump."""

import json

import pytest

from tests.host.stack.conftest import Stack

VOLUMES = ["fks_api-data", "fks_api-postgres-data"]


@pytest.fixture
def full(stack: Stack) -> Stack:
    """With volumes and a network; the database is a service of the API."""
    stack.server.change(objects={"volume": VOLUMES, "network": ["fks_api"]})
    stack.with_roles(api=["api", "api-postgres"])
    file = stack.server.paths.current / "compose/api.yaml"
    document = json.loads(file.read_text())
    document["services"]["api-postgres"] = {"image": "${IMAGE_API:?}"}
    file.write_text(json.dumps(document))
    return stack


def test_the_list_names_what_is_deleted(full: Stack) -> None:
    found = json.loads(full.succeeds("cleanup-list"))
    assert found["containers"] == ["fks-api-1", "fks-edge-1"]
    assert (found["volumes"], found["networks"]) == (VOLUMES, ["fks_api"])
    assert found["releases"] == [full.server.paths.current.resolve().name]
    assert len(found["images"]) == 2
    assert found["dump"] == "api-postgres"
    assert full.states() == {"api": "running", "edge": "running"}


def test_everything_of_deploys_is_deleted_after_a_dump(full: Stack) -> None:
    paths = full.server.paths
    certificate = (paths.tls / "api.pem").read_text()
    out = full.succeeds("cleanup", "--who", "ann")
    steps = [line.split()[0] for line in out.splitlines()]
    assert steps == ["mark", "stop", "dump", "delete", "release"]
    assert "backup ok: fks.dump" in out.splitlines()[2]
    assert full.server.state["containers"] == {}
    assert full.server.state["objects"] == {"volume": [], "network": []}
    assert full.server.state["local"] == []
    assert not paths.current.is_symlink() and list(paths.releases.iterdir()) == []
    assert list(paths.incoming.glob("*.tar")) == []
    assert (paths.tls / "api.pem").read_text() == certificate
    assert (paths.secrets / "api/JWT_SECRET").exists()
    assert (paths.stopped / "api.json").exists()
    entry = full.server.journal()[-1]
    assert (entry["kind"], entry["who"], entry["result"]) == ("cleanup", "ann", "ok")


def test_without_a_dump_nothing_is_deleted(full: Stack) -> None:
    full.server.change(run=[1, "", "backup FAILED: the database does not answer\n"])
    done = full.run("cleanup")
    assert done.returncode == 1
    assert "nothing was deleted, and the stacks are stopped: the dump of api-po" in done.stderr
    assert "backup FAILED: the database does not answer" in done.stderr
    assert full.states() == dict.fromkeys(("api", "api-postgres", "edge"), "exited")
    assert full.server.state["objects"]["volume"] == VOLUMES


def test_a_server_without_that_database_needs_no_dump(stack: Stack) -> None:
    out = stack.succeeds("cleanup", "--force")
    assert "no database has a backup here" in out
    assert not stack.server.calls("compose", "run")
    assert stack.server.calls("compose", "kill")


def test_the_release_is_deployed_again_and_stays_stopped(full: Stack) -> None:
    tar = next(full.server.paths.incoming.glob("*.tar"))
    content = tar.read_bytes()
    full.succeeds("cleanup")
    tar.write_bytes(content)
    done = full.server.deploy(tar.stem)
    assert done.returncode == 0, done.stderr
    assert "NOT STARTED: api is stopped" in done.stdout
    full.succeeds("start")
    assert full.states() == {"api": "running", "edge": "running"}


def test_after_a_cleanup_the_remedy_is_another_one(full: Stack) -> None:
    full.succeeds("cleanup")
    assert "run pulumi up --replace '**api-stack-*'" in full.run("start").stderr
