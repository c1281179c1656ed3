"""Maintenance: the marker stops all requests but health checks, without a reload."""

import json
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.paths import Paths
from rehearsal.world.authority import Authority
from tests.nginx.conftest import Edge, Mounts, start_edge
from tests.nginx.rendered import API, AUTH, ROLES, WEB, render

pytestmark = pytest.mark.world
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    found = Paths(tmp_path_factory.mktemp("root"))
    found.maintenance.mkdir(parents=True)
    found.maintenance.chmod(0o755)
    return found


@pytest.fixture(scope="module")
def edge(
    client: docker.DockerClient,
    image: str,
    mounts: Mounts,
    authority: Authority,
    paths: Paths,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Edge]:
    """An edge of all roles without applications, with the directory of the pages."""
    configuration = tmp_path_factory.mktemp("maintenance")
    render(configuration, *ROLES)
    pages = {str(paths.maintenance): {"bind": "/srv/fks/maintenance", "mode": "ro"}}
    found = start_edge(client, image, configuration, {**mounts, **pages}, authority)
    try:
        found.wait_until_healthy()
        yield found
    finally:
        found.container.remove(force=True, v=True)


@pytest.fixture
def on(paths: Paths) -> Iterator[None]:
    """While maintenance is on."""
    maintenance.switch_on(paths, "ann", "Back at ten.")
    yield
    maintenance.switch_off(paths, "ann")


@pytest.mark.parametrize("host", [AUTH, API, WEB])
@pytest.mark.usefixtures("on")
def test_browsers_get_a_page_and_programs_json(edge: Edge, host: str) -> None:
    page = edge.request(host, "/", **HTML)
    assert (page.status, page.headers["Retry-After"]) == (503, "300")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"Back at ten." in page.body
    for method in ("GET", "POST", "DELETE"):
        answer = edge.request(host, "/api/orders", method, Accept="application/json")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
        assert answer.json == {"status": "maintenance", "detail": "Back at ten."}
        assert answer.headers.get_all("Strict-Transport-Security") is not None


@pytest.mark.parametrize(("host", "role"), [(AUTH, "auth"), (API, "api"), (WEB, "web")])
@pytest.mark.usefixtures("on")
def test_health_stays_that_of_nginx_and_the_application(edge: Edge, host: str, role: str) -> None:
    assert edge.request(host, "/health").json == {"status": "healthy", "role": role}
    deep = edge.request(host, "/health/deep")
    assert b"maintenance" not in deep.body
    assert "Retry-After" not in deep.headers


@pytest.mark.usefixtures("on")
def test_a_path_that_only_contains_an_exception_is_stopped(edge: Edge) -> None:
    for path in ("/x/health", "/a%20/_fks/x", "/healthy", "/x%20/health"):
        answer = edge.request(API, path)
        assert (path, answer.status) == (path, 503)
        assert json.loads(answer.body)["status"] == "maintenance"


def test_off_serves_again_and_on_stops_at_once(edge: Edge, paths: Paths) -> None:
    maintenance.switch_off(paths, "ann")
    edge.wait_for_status(WEB, "/", 200)
    maintenance.switch_on(paths, "ann", "")
    assert edge.request(WEB, "/").status == 503
    maintenance.switch_off(paths, "ann")
    assert edge.wait_for_status(WEB, "/", 200, 15).headers.get("Retry-After") is None


def test_the_pages_are_not_served_by_name(edge: Edge, paths: Paths) -> None:
    assert Path(paths.maintenance, "page.html").exists()
    assert edge.request(WEB, "/_fks/maintenance.html").status == 404
