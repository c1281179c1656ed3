"""Static builds in deploys, with the stand-in docker."""

import pytest

from host.fks_deploy.static_builds import identifier
from tests.host.builds import add_image, builds, files, front_end, roots, upload
from tests.host.deploys import current
from tests.host.server import Server, image

(DIGEST,) = image(3)["digests"]
ROOT = "/usr/share/nginx/html"


@pytest.fixture
def first(server: Server) -> str:
    """A server that serves version 1; returns the digest of its release."""
    add_image(server, 3, front_end("1"))
    digest = upload(server)
    done = server.deploy(digest)
    assert done.returncode == 0, done.stderr
    return digest


def test_the_id_depends_on_image_and_root() -> None:
    ids = [identifier("a@sha256:1", "/a"), identifier("a@sha256:1", "/b"), identifier("b", "/a")]
    assert len(set(ids)) == 3
    assert {len(one) for one in ids} == {16}


@pytest.mark.usefixtures("first")
def test_the_build_is_copied_and_no_container_runs_or_stays(server: Server) -> None:
    (name,) = builds(server)
    assert name == identifier(DIGEST, ROOT)
    expected = {"index.html", "assets/app-1.js", "assets/app-1.js.gz", "assets/logo.png"}
    assert expected <= files(server.paths.web / name)
    assert roots(server) == [name, name]
    assert set(server.state["containers"]) == {"api", "edge"}
    assert server.state["copies"] == {}


@pytest.mark.usefixtures("first")
def test_a_second_deploy_of_an_image_copies_nothing(server: Server) -> None:
    done = server.deploy(upload(server, VERSION="2"))
    assert "web is present" in done.stdout
    assert len(server.calls("create")) == 1


@pytest.mark.usefixtures("first")
def test_a_new_build_is_served_with_the_assets_of_the_one_before(server: Server) -> None:
    old = identifier(DIGEST, ROOT)
    add_image(server, 4, front_end("2"))
    server.deploy(upload(server, IMAGE_REFRESH_WEB="2"))
    new = identifier(image(4)["digests"][0], ROOT)
    assert roots(server) == [new, old]
    server.deploy(upload(server, IMAGE_REFRESH_WEB="2", VERSION="3"))
    assert roots(server) == [new, old], "a release with the same build changed the previous one"


def test_going_back_to_a_build_keeps_the_newer_ones_assets(server: Server, first: str) -> None:
    add_image(server, 4, front_end("2"))
    server.deploy(upload(server, IMAGE_REFRESH_WEB="2"))
    assert server.deploy(first).returncode == 0
    assert roots(server) == [identifier(one["digests"][0], ROOT) for one in (image(3), image(4))]


def test_a_failed_deploy_serves_the_old_build_again(server: Server, first: str) -> None:
    add_image(server, 4, front_end("2"))
    server.service.body = '{"status": "emergency"}'
    done = server.deploy(upload(server, IMAGE_REFRESH_WEB="2"))
    assert done.returncode == 1
    assert "rollback: release" in done.stdout
    assert roots(server) == [identifier(DIGEST, ROOT)] * 2
    assert current(server) == first


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"app.js": b"x"}, "has no index.html, or an empty one"),
        ({"index.html": b""}, "has no index.html, or an empty one"),
    ],
)
@pytest.mark.usefixtures("first")
def test_an_image_without_a_front_end_fails_before_anything_changes(
    server: Server, content: dict[str, bytes], error: str
) -> None:
    before = server.state["served"]
    add_image(server, 4, content)
    done = server.deploy(upload(server, IMAGE_REFRESH_WEB="2"))
    assert done.returncode == 1
    assert error in done.stderr
    assert (server.state["served"], server.state["copies"]) == (before, {})
    assert builds(server) == {identifier(DIGEST, ROOT)}
    assert "rollback" not in server.journal()[-1]


def test_the_root_is_a_setting(server: Server) -> None:
    add_image(server, 3, front_end("1"), root="/app/dist")
    assert server.deploy(upload(server, root="/app/dist")).returncode == 0
    assert builds(server) == {identifier(DIGEST, "/app/dist")}
