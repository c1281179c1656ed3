"""What a client behind the front end sees of the two edges: one origin, and its own address."""

import http.client
from collections import Counter

import pytest

from rehearsal.world.docker_api import execute
from tests.nginx.conftest import Edge
from tests.nginx.rendered import API, AUTH, WEB

pytestmark = pytest.mark.world


@pytest.mark.parametrize("domain", [API, WEB])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_of_the_api_stays_on_the_origin(edge: Edge, domain: str, scheme: str) -> None:
    """As FastAPI adds a slash to a path: to its Host, with or without the forwarded scheme."""
    answer = edge.request(domain, f"/api/redirect/{scheme}")
    assert (answer.status, answer.headers["Location"]) == (307, "/api/redirect/")


def test_a_redirect_to_another_host_passes(edge: Edge) -> None:
    assert edge.request(API, "/api/redirect/away").headers["Location"] == f"https://{AUTH}/x"


@pytest.mark.parametrize("domain", [AUTH, API, WEB])
def test_every_hop_accepts_a_large_cookie(edge: Edge, domain: str) -> None:
    cookie = "c=" + "x" * 12_000
    assert edge.request(domain, "/api/x", Cookie=cookie).json["headers"]["cookie"] == cookie


def test_the_api_sees_the_client_of_the_front_end(edge: Edge) -> None:
    """The test's address, and not that of the edge in between, which is 127.0.0.1."""
    direct = edge.request(API, "/api/x").json["headers"]["x-forwarded-for"]
    through = edge.request(WEB, "/api/x", X_Forwarded_For="6.6.6.6").json["headers"]
    assert through["x-forwarded-for"] == through["x-real-ip"] == direct
    assert direct not in ("127.0.0.1", "6.6.6.6")


def test_logins_through_the_front_end_are_limited_per_client(edge: Edge) -> None:
    """Three clients with a dozen each: as one client they would exceed the limit."""
    statuses = Counter(
        status for client in (11, 12, 13) for status in refreshes(edge, f"127.0.0.{client}", 12)
    )
    assert statuses == {"200": 36}


def test_a_client_cannot_spend_anothers_limit(edge: Edge) -> None:
    statuses = refreshes(edge, "127.0.0.14", 60, "-H", "X-Forwarded-For: 127.0.0.15", host=API)
    assert statuses.count("429") > 0
    assert set(refreshes(edge, "127.0.0.15", 5, host=API)) == {"200"}


def refreshes(edge: Edge, client: str, count: int, *options: str, host: str = WEB) -> list[str]:
    """The statuses of `count` requests for a new token from an address of the edge's network."""
    command = ["curl", "-skX", "POST", "--interface", client, "--resolve", f"{host}:443:127.0.0.1"]
    command += [*options, "-o", "/dev/null", "-w", "%{http_code}\n"]
    code, output = execute(
        edge.container, [*command, f"https://{host}/api/auth/refresh?n=[1-{count}]"]
    )
    assert code == 0, output
    return output.split()


@pytest.mark.parametrize("domain", [API, WEB])
def test_server_sent_events_arrive_one_by_one(edge: Edge, domain: str) -> None:
    """The application sends the second event only after a request that follows the first."""
    connection = edge.connection(domain)
    connection.request("GET", f"/api/events/{domain}", headers={"Host": domain})
    answer = connection.getresponse()
    try:
        assert event(answer) == "data: first"
        assert edge.request(domain, f"/api/continue/{domain}").status == 200
        assert event(answer) == "data: second"
    finally:
        connection.close()


def event(answer: http.client.HTTPResponse) -> str:
    """The next event of a stream."""
    lines = [answer.readline().decode().strip() for _ in range(2)]
    assert lines[1] == ""
    return lines[0]


@pytest.mark.parametrize("domain", [AUTH, API, WEB])
@pytest.mark.parametrize("path", ["/x", "/api/x", "/ws", "/auth/callback", "/health/deep"])
def test_no_query_is_logged(
    edge: Edge, edge_without_applications: Edge, domain: str, path: str
) -> None:
    query = f"access_token=canary{path.replace('/', '-')}"
    for one in (edge, edge_without_applications):
        answer = one.request(domain, f"{path}?{query}", Referer=f"https://{domain}/?{query}")
        healthy = path == "/health/deep" and answer.status == 200  # has no line
        assert "canary" not in one.log(*([] if healthy else [answer]))
