"""How the edge behaves, with the image that runs in production."""

import socket
import ssl
import time
from pathlib import Path

import docker
import pytest

from rehearsal.world.docker_api import execute
from tests.nginx.conftest import LABELS, Edge, Mounts
from tests.nginx.rendered import API, AUTH, ROLES, WEB, render

pytestmark = pytest.mark.world
DOMAINS = {"auth": AUTH, "api": API, "web": WEB}


def received(connection: socket.socket) -> bytes:
    """What came before the connection was closed or reset."""
    try:
        return connection.recv(1024)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("roles", [("auth",), ("api",), ("web",), ROLES], ids="+".join)
def test_nginx_accepts_the_configuration_of_every_server(
    client: docker.DockerClient,
    image: str,
    mounts: Mounts,
    tmp_path: Path,
    roles: tuple[str, ...],
) -> None:
    render(tmp_path, *roles)
    said = client.containers.run(
        image,
        ["-t"],
        remove=True,
        stderr=True,
        labels=LABELS,
        read_only=True,
        tmpfs={"/run/nginx": "mode=1777"},
        volumes={**mounts, str(tmp_path): {"bind": "/etc/fks/nginx", "mode": "ro"}},
    ).decode()
    assert "test is successful" in said
    assert "[warn]" not in said


@pytest.mark.parametrize("role", ROLES)
def test_an_edge_with_nothing_behind_it_says_that_it_is_well_itself(
    lonely: Edge, role: str
) -> None:
    answer = lonely.ask(DOMAINS[role], "/health")
    assert (answer.status, answer.json) == (200, {"status": "healthy", "role": role})


@pytest.mark.parametrize(("role", "status"), [("auth", 503), ("api", 502), ("web", 502)])
def test_the_deep_check_fails_while_the_application_is_down(
    lonely: Edge, role: str, status: int
) -> None:
    answer = lonely.ask(DOMAINS[role], "/health/deep")
    assert answer.status == status
    assert answer.json["status"] in ("unhealthy", "unavailable")


@pytest.mark.parametrize("role", ROLES)
def test_the_deep_check_asks_the_application(edge: Edge, role: str) -> None:
    answer = edge.ask(DOMAINS[role], "/health/deep")
    assert (answer.status, answer.json["status"]) == (200, "healthy")


@pytest.mark.parametrize("domain", [AUTH, WEB])
def test_people_get_a_page_when_the_application_is_missing(lonely: Edge, domain: str) -> None:
    answer = lonely.ask(domain, "/anything")
    assert answer.status == 502
    assert b"Please try again" in answer.body


@pytest.mark.parametrize(("domain", "path"), [(API, "/docs"), (WEB, "/api/active-assets")])
def test_programs_get_json_when_the_api_is_missing(lonely: Edge, domain: str, path: str) -> None:
    answer = lonely.ask(domain, path)
    assert (answer.status, answer.json["status"]) == (502, "unavailable")


@pytest.mark.parametrize("path", ["/auth", "/x/broken"])
def test_errors_of_the_application_pass_unchanged(edge: Edge, path: str) -> None:
    answer = edge.ask(API, path)
    assert answer.json["application"] == "api"


def test_a_name_that_is_not_ours_gets_no_certificate(edge: Edge) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        edge.connection("elsewhere.example").connect()


def test_a_name_that_is_not_ours_gets_no_answer(edge: Edge) -> None:
    connection = edge.connection(API)
    connection.connect()
    with connection.sock as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
        assert received(tls) == b""


def test_nothing_is_served_without_tls(edge: Edge) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((edge.address, 80), timeout=10)


@pytest.mark.parametrize(
    "path", ["/api/v1/trades?limit=2", "/api/openapi.json", "/docs", "/api/a%20b"]
)
def test_the_api_gets_its_paths_as_they_were_asked(edge: Edge, path: str) -> None:
    assert edge.ask(API, path).json["path"] == path


def test_the_front_ends_origin_leads_to_the_api_by_its_own_name(edge: Edge) -> None:
    asked = edge.ask(WEB, "/api/v1/chart.js?x=1", Authorization="Bearer one").json
    assert (asked["application"], asked["path"]) == ("api", "/api/v1/chart.js?x=1")
    assert asked["headers"]["host"] == API
    assert asked["headers"]["authorization"] == "Bearer one"


def test_two_users_of_the_api_get_their_own_answers(edge: Edge) -> None:
    seen = [
        edge.ask(WEB, "/api/me", Authorization=who).json["headers"]["authorization"]
        for who in ("Bearer one", "Bearer two")
    ]
    assert seen == ["Bearer one", "Bearer two"]


def test_the_login_returns_to_the_front_end(edge: Edge) -> None:
    asked = edge.ask(WEB, "/auth/callback?code=abc").json
    assert (asked["application"], asked["path"]) == ("web", "/auth/callback?code=abc")


def test_all_else_below_auth_goes_to_the_auth_servers_own_name(edge: Edge) -> None:
    answer = edge.ask(WEB, "/auth/static/app.js?v=1")
    assert answer.status == 302
    assert answer.headers["Location"] == f"https://{AUTH}/static/app.js?v=1"


def test_other_names_lead_to_the_one_origin(edge: Edge) -> None:
    answer = edge.ask(f"www.{WEB}", "/a?b=c")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{WEB}/a?b=c")
    assert edge.ask(f"www.{WEB}", "/health").status == 200


@pytest.mark.parametrize("domain", [AUTH, API, WEB])
@pytest.mark.parametrize("path", ["/", "/health", "/health/deep", "/broken"])
def test_every_answer_carries_the_security_headers_once(edge: Edge, domain: str, path: str) -> None:
    headers = edge.ask(domain, path).headers
    for name in (
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "Content-Security-Policy",
        "X-Request-ID",
    ):
        assert len(headers.get_all(name, [])) == 1, name
    assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")


@pytest.mark.parametrize("path", ["/anything", "/health/deep", "/api/x"])
def test_pages_of_the_edge_itself_carry_them_too(lonely: Edge, path: str) -> None:
    assert lonely.ask(WEB, path).headers["Content-Security-Policy"]


@pytest.mark.parametrize("domain", [AUTH, API, WEB])
def test_what_a_client_claims_about_itself_is_replaced(edge: Edge, domain: str) -> None:
    claims = {"X_Forwarded_For": "6.6.6.6", "X_Real_IP": "6.6.6.6", "X_Forwarded_Proto": "gopher"}
    headers = edge.ask(domain, "/x", X_Forwarded_Host="evil.example", **claims).json["headers"]
    assert headers["x-forwarded-for"] == headers["x-real-ip"] != "6.6.6.6"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == domain


def test_a_request_keeps_its_name_from_the_front_ends_edge_to_the_api(edge: Edge) -> None:
    answer = edge.ask(WEB, "/api/x")
    assert answer.json["headers"]["x-request-id"] == answer.headers["X-Request-ID"]


def test_connections_to_an_application_are_used_again(edge: Edge) -> None:
    asked = [edge.ask(API, "/api/x").json for _ in range(8)]
    assert len({one["connection"] for one in asked}) < len(asked)
    assert "upgrade" not in asked[0]["headers"]


def test_connections_to_a_peer_are_used_again(edge: Edge) -> None:
    """The peer is this edge itself, which counts its connections: ours, and its own if not kept."""
    before = accepted(edge)
    for _ in range(40):
        assert edge.ask(WEB, "/api/x").status == 200
    assert 40 <= accepted(edge) - before < 60


def accepted(edge: Edge) -> int:
    """How many connections the edge has accepted since it started."""
    code, said = execute(edge.container, ["curl", "-fsS", "http://127.0.0.1/nginx_status"])
    assert code == 0, said
    return int(said.splitlines()[2].split()[0])


def test_headers_as_wide_as_authentiks_pass(edge: Edge) -> None:
    assert len(edge.ask(AUTH, "/wide").headers["X-Wide"]) == 20_000


@pytest.mark.parametrize("domain", [API, WEB])
@pytest.mark.parametrize("path", ["/ws", "/ws/market-data"])
def test_websockets_pass_and_their_token_is_in_no_log(edge: Edge, domain: str, path: str) -> None:
    token = f"canary-{domain}-{path.count('/')}"
    connection = edge.connection(domain)
    connection.connect()
    with connection.sock as tls:
        tls.sendall(
            f"GET {path}?token={token} HTTP/1.1\r\nHost: {domain}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGVzdA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert tls.recv(12) == b"HTTP/1.1 101"
    edge.ask(domain, f"{path}?token={token}")
    assert token not in edge.log()


@pytest.mark.parametrize("domain", [API, WEB])
def test_a_websockets_token_is_in_no_log_when_the_api_is_missing(lonely: Edge, domain: str) -> None:
    assert lonely.ask(domain, "/ws?token=canary-down").status == 502
    assert "canary-down" not in lonely.log()


@pytest.mark.parametrize(("accepts", "coding"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_answers_are_compressed_as_the_client_wishes(
    edge: Edge, accepts: str, coding: str | None
) -> None:
    headers = edge.ask(API, "/api/x", Accept_Encoding=accepts).headers
    assert headers["Content-Encoding"] == coding


def test_the_edge_runs_as_an_ordinary_user(edge: Edge) -> None:
    code, said = edge.container.exec_run(["id", "-u"])
    assert (code, said) == (0, b"101\n")


def test_a_changed_configuration_needs_only_a_reload(edge: Edge, configuration: Path) -> None:
    path = configuration / "vhosts" / "api.conf"
    before = path.read_text()
    path.write_text(before.replace('"role":"api"', '"role":"changed"'))
    try:
        for command in (["nginx", "-t"], ["nginx", "-s", "reload"]):
            code, said = edge.container.exec_run(command)
            assert code == 0, said
        wait_for_role(edge, "changed")
    finally:
        path.write_text(before)
        edge.container.exec_run(["nginx", "-s", "reload"])
        wait_for_role(edge, "api")


def wait_for_role(edge: Edge, role: str) -> None:
    """Until new workers answer: a reload lets the old ones finish first."""
    deadline = time.monotonic() + 20
    while (seen := edge.ask(API, "/health").json["role"]) != role:
        assert time.monotonic() < deadline, f"after 20 s the edge still says {seen!r}"
        time.sleep(0.05)
