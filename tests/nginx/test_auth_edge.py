"""The edge in front of Authentik, with the production image."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rehearsal.world.docker_api import execute
from tests.nginx.conftest import NGINX, Edge
from tests.nginx.rendered import AUTH, ROLES, render

pytestmark = pytest.mark.world
LOGIN = "/api/v3/flows/executor/default-authentication-flow/"


@pytest.fixture
def edge_without_worker(edge: Edge, configuration: Path) -> Iterator[Edge]:
    """An edge whose Authentik has a server and no worker."""
    for port in ("9", "9001"):
        render(configuration, *ROLES, AUTH_WORKER_PORT=port)
        assert execute(edge.container, [*NGINX, "-s", "reload"])[0] == 0
        if port == "9":
            yield edge


def test_deep_health_requests_server_and_worker(edge: Edge) -> None:
    answer = edge.request(AUTH, "/health/deep")
    assert (answer.status, answer.json) == (200, {"status": "healthy", "role": "auth"})


def test_deep_health_names_the_server(edge_without_applications: Edge) -> None:
    answer = edge_without_applications.request(AUTH, "/health/deep")
    expected = {"status": "unhealthy", "role": "auth", "failed": "server"}
    assert (answer.status, answer.json) == (503, expected)


def test_deep_health_names_the_worker(edge_without_worker: Edge) -> None:
    expected = {"status": "unhealthy", "role": "auth", "failed": "worker"}
    for _ in range(100):
        answer = edge_without_worker.request(AUTH, "/health/deep")
        if answer.status == 503:
            break
    assert (answer.status, answer.json) == (503, expected)


def test_browsers_keep_static_files_for_an_hour(edge: Edge) -> None:
    headers = edge.request(AUTH, "/static/dist/a.js").headers
    assert headers.get_all("Cache-Control") == ["max-age=3600"]
    assert headers.get_all("X-Frame-Options") == ["DENY"]


@pytest.mark.parametrize("path", ["/application/o/userinfo/", "/if/flow/x/", "/static/broken"])
def test_the_applications_cache_control_passes_and_errors_are_not_kept(
    edge: Edge, path: str
) -> None:
    kept = edge.request(AUTH, path).headers["Cache-Control"]
    assert kept == (None if path.startswith("/static/") else "max-age=60")


def test_large_files_arrive_complete(edge: Edge) -> None:
    """More than the file system of the edge holds."""
    paths = [f"/static/large/{number}.js" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda path: edge.request(AUTH, path), paths))
    assert {(answer.status, len(answer.json["filler"])) for answer in answers} == {(200, 1_000_000)}


def test_a_page_load_passes_and_repeated_logins_do_not(edge: Edge) -> None:
    pages = [edge.request(AUTH, f"/static/dist/{number}.js").status for number in range(150)]
    assert set(pages) == {200}
    logins = [edge.request(AUTH, LOGIN, "POST").status for _ in range(40)]
    assert set(logins) == {200, 429}
    assert logins[:20] == [200] * 20
    assert edge.request(AUTH, LOGIN).status == 200
