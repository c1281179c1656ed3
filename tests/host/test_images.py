from pathlib import Path

import pytest

from host.fks_deploy import images
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.server import API, EDGE, Server, image

# The registry after the tag of the api has moved to another image.
MOVED = {API: image(7), EDGE: image(2)}


@pytest.fixture
def shell(server: Server, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("PATH", f"{server.bin}:/usr/bin:/bin")
    return Shell(Output(server.paths.log, Redactor(())))


def add_local_image(server: Server, name: str, digest: str) -> None:
    server.change(local=[{"id": image(1)["id"], "digests": [digest], "tags": [name]}])


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("docker.io/library/postgres:17", "postgres@sha256:1"),
        ("docker.io/nuniesmith/fks:api-latest", "nuniesmith/fks@sha256:1"),
        ("ghcr.io/goauthentik/server:2026.8.5", "ghcr.io/goauthentik/server@sha256:1"),
        ("localhost:5000/fks:api", "localhost:5000/fks@sha256:1"),
    ],
)
def test_a_tag_is_resolved_to_the_digest_of_its_repository(
    server: Server, shell: Shell, name: str, digest: str
) -> None:
    add_local_image(server, name, digest)
    assert images.resolve(shell, [name]) == {name: digest}


def test_an_image_without_a_registry_is_resolved_to_its_id(server: Server, shell: Shell) -> None:
    add_local_image(server, "fks:local", "elsewhere/fks@sha256:1")
    assert images.resolve(shell, ["fks:local"]) == {"fks:local": image(1)["id"]}


def test_only_unresolved_tags_and_missing_images_are_pulled(server: Server, shell: Shell) -> None:
    add_local_image(server, "a:latest", "a@sha256:1")
    names = ["a:latest", "a@sha256:1", "b@sha256:2"]
    assert images.to_pull(shell, names, {}) == {"a:latest", "b@sha256:2"}
    assert images.to_pull(shell, names, {"a:latest": "a@sha256:1"}) == {"b@sha256:2"}


def test_images_are_recorded_in_the_release(tmp_path: Path) -> None:
    assert images.recorded(tmp_path) == {}
    images.record(tmp_path, {"a:latest": "a@sha256:1"})
    assert images.recorded(tmp_path) == {"a:latest": "a@sha256:1"}


def test_an_image_is_removed_with_all_its_names(server: Server, shell: Shell) -> None:
    add_local_image(server, "a:latest", "a@sha256:1")
    assert images.remove(shell, ["a@sha256:1", "a:latest", "gone@sha256:2"]) == [image(1)["id"]]
    assert server.state["local"] == []


def test_the_recorded_digest_is_pulled_after_the_tag_has_moved(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    (recorded,) = image(1)["digests"]
    server.change(local=[], containers={}, registry={"elsewhere:1": image(1), **MOVED})
    assert server.deploy(digest).returncode == 0
    assert images.recorded(server.paths.releases / digest)[API] == recorded
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_an_image_recorded_by_its_id_is_pulled_by_its_name(server: Server, shell: Shell) -> None:
    add_local_image(server, "b:latest", "b@sha256:2")
    recorded = {"a:latest": "sha256:gone", "b:latest": image(1)["id"], "c:latest": "c@sha256:3"}
    names = [*recorded, "d:latest"]
    expected = {**recorded, "a:latest": "a:latest", "d:latest": "d:latest"}
    assert images.known(shell, names, recorded) == expected


def test_a_rollback_pulls_an_image_that_was_removed(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry={"elsewhere:1": image(1), **MOVED}, broken=[image(7)["id"]])
    server.change(local_after_up=[])
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert "is in service" in done.stdout
    assert server.state["containers"]["api"]["image"] == image(1)["id"]
    (recorded,) = image(1)["digests"]
    assert ["pull", "--quiet", recorded] in server.calls()


def test_another_release_does_not_move_a_tag(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry=MOVED)
    before = server.state["containers"]
    assert server.deploy(server.upload(VERSION="2")).returncode == 0
    assert server.state["containers"] == before
    assert len(server.calls("pull")) == 1


def test_a_new_refresh_resolves_the_tags_of_its_service_again(server: Server) -> None:
    server.deploy(server.upload(IMAGE_REFRESH_API="1"))
    server.change(registry={API: image(7), EDGE: image(8)})
    assert server.deploy(server.upload(IMAGE_REFRESH_API="2")).returncode == 0
    found = {name: one["image"] for name, one in server.state["containers"].items()}
    assert found == {"api": image(7)["id"], "edge": image(2)["id"]}


@pytest.mark.parametrize("env", [{"IMAGE_REFRESH_API": "1"}, {}], ids=["same", "removed"])
def test_a_refresh_that_is_not_new_moves_no_tag(server: Server, env: dict[str, str]) -> None:
    server.deploy(server.upload(IMAGE_REFRESH_API="1"))
    server.change(registry=MOVED)
    assert server.deploy(server.upload({}, VERSION="2", **env)).returncode == 0
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_another_image_name_is_resolved(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry={"docker.io/example/fks:2": image(7), EDGE: image(8)})
    server.deploy(server.upload(IMAGE_API="docker.io/example/fks:2"))
    found = {name: one["image"] for name, one in server.state["containers"].items()}
    assert found == {"api": image(7)["id"], "edge": image(2)["id"]}


def test_refresh_images_resolves_every_tag_again(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry=MOVED)
    assert server.deploy(server.upload(VERSION="2"), "--refresh-images").returncode == 0
    assert server.state["containers"]["api"]["image"] == image(7)["id"]
