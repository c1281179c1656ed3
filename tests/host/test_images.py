from pathlib import Path

import pytest

from host.fks_deploy import images
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.server import Server, image


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
