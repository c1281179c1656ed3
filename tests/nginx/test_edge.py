"""The behaviour of the edge."""

import socket
import ssl
import time
from pathlib import Path

import docker
import pytest

from rehearsal.world.docker_api import execute
from tests.nginx.conftest import NGINX, Edge, Mounts, nginx_test_output
from tests.nginx.rendered import API, AUTH, ROLES, WEB, render

pytestmark = pytest.mark.world
HSTS = "max-age=63072000; includeSubDomains"
DOMAINS = {"auth": AUTH, "api": API, "web": WEB}


def received(connection: socket.socket) -> bytes:
    """The bytes received before the connection was closed or reset."""
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
    output = nginx_test_output(client, image, tmp_path, mounts)
    assert "test is successful" in output
    assert "[warn]" not in output


@pytest.mark.parametrize("role", ROLES)
def test_health_is_nginx_itself(edge_without_applications: Edge, role: str) -> None:
    answer = edge_without_applications.request(DOMAINS[role], "/health")
    assert (answer.status, answer.json) == (200, {"status": "healthy", "role": role})


@pytest.mark.parametrize(("role", "status"), [("auth", 503), ("api", 503)])
def test_deep_health_fails_without_the_application(
    edge_without_applications: Edge, role: str, status: int
) -> None:
    answer = edge_without_applications.request(DOMAINS[role], "/health/deep")
    assert answer.status == status
    assert answer.json["status"] in ("unhealthy", "unavailable")


@pytest.mark.parametrize("role", ROLES)
def test_deep_health_requests_the_application(edge: Edge, role: str) -> None:
    answer = edge.request(DOMAINS[role], "/health/deep")
    assert (answer.status, answer.json["status"]) == (200, "healthy")


def test_deep_health_of_the_api_names_the_unhealthy_part(edge: Edge, deep: Path) -> None:
    healthy = deep / "healthy/api.json"
    content = healthy.read_text()
    body = '{"status": "unhealthy", "parts": {"queue": {"status": "unhealthy"}}}'
    (deep / "api.json").write_text(body)
    healthy.unlink()
    try:
        answer = edge.request(API, "/health/deep")
        assert (answer.status, answer.body.decode()) == (503, body)
        assert answer.headers["Content-Type"].startswith("application/json")
    finally:
        healthy.write_text(content)
        healthy.chmod(0o644)


def test_browsers_get_html_without_the_application(edge_without_applications: Edge) -> None:
    answer = edge_without_applications.request(AUTH, "/anything")
    assert answer.status == 502
    assert b"Please try again" in answer.body


@pytest.mark.parametrize(("domain", "path"), [(API, "/docs"), (WEB, "/api/active-assets")])
def test_programs_get_json_without_the_api(
    edge_without_applications: Edge, domain: str, path: str
) -> None:
    answer = edge_without_applications.request(domain, path)
    assert (answer.status, answer.json["status"]) == (502, "unavailable")


@pytest.mark.parametrize("path", ["/auth", "/x/broken"])
def test_errors_of_the_application_pass_unchanged(edge: Edge, path: str) -> None:
    answer = edge.request(API, path)
    assert answer.json["application"] == "api"


def test_another_host_name_gets_no_certificate(edge: Edge) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        edge.connection("elsewhere.example").connect()


def test_another_host_name_gets_no_answer(edge: Edge) -> None:
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
def test_the_api_gets_unchanged_paths(edge: Edge, path: str) -> None:
    assert edge.request(API, path).json["path"] == path


def test_the_front_ends_origin_passes_api_requests_to_the_api(edge: Edge) -> None:
    request = edge.request(WEB, "/api/v1/chart.js?x=1", Authorization="Bearer one").json
    assert (request["application"], request["path"]) == ("api", "/api/v1/chart.js?x=1")
    assert request["headers"]["host"] == API
    assert request["headers"]["authorization"] == "Bearer one"


def test_two_users_of_the_api_get_their_own_answers(edge: Edge) -> None:
    users = [
        edge.request(WEB, "/api/me", Authorization=who).json["headers"]["authorization"]
        for who in ("Bearer one", "Bearer two")
    ]
    assert users == ["Bearer one", "Bearer two"]


def test_other_paths_below_auth_redirect_to_the_auth_server(edge: Edge) -> None:
    answer = edge.request(WEB, "/auth/static/app.js?v=1")
    assert answer.status == 302
    assert answer.headers["Location"] == f"https://{AUTH}/static/app.js?v=1"


def test_other_names_redirect_to_the_one_origin(edge: Edge) -> None:
    answer = edge.request(f"www.{WEB}", "/a?b=c")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{WEB}/a?b=c")
    assert edge.request(f"www.{WEB}", "/health").status == 200


@pytest.mark.parametrize("domain", [AUTH, API, WEB])
@pytest.mark.parametrize("path", ["/", "/health", "/health/deep", "/broken"])
def test_every_answer_has_each_security_header_once(edge: Edge, domain: str, path: str) -> None:
    headers = edge.request(domain, path).headers
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


def test_hsts_is_sent_over_tls_only(edge: Edge) -> None:
    """RFC 6797, section 7.2. A request without TLS to the TLS port is answered with 400."""
    assert edge.request(WEB, "/").headers["Strict-Transport-Security"] == HSTS
    for url in ("http://127.0.0.1:8081/health", f"http://{edge.address}:443/"):
        command = ["curl", "-sSD", "-", "-o", "/dev/null", "-H", f"Host: {WEB}", url]
        code, headers = execute(edge.container, command)
        assert code == 0, headers
        assert "X-Content-Type-Options: nosniff" in headers
        assert "Strict-Transport-Security" not in headers


def test_an_early_error_has_the_security_headers(edge: Edge) -> None:
    """nginx answers an invalid request line before it selects a location."""
    connection = edge.connection(API)
    connection.connect()
    with connection.sock as tls:
        tls.sendall(b"INVALID\r\n\r\n")
        answer = received(tls).decode()
    assert answer.startswith("HTTP/1.1 400")
    assert f"Strict-Transport-Security: {HSTS}\r\n" in answer


@pytest.mark.parametrize("path", ["/anything", "/health/deep", "/api/x"])
def test_error_pages_of_the_edge_have_the_headers_too(
    edge_without_applications: Edge, path: str
) -> None:
    assert edge_without_applications.request(WEB, path).headers["Content-Security-Policy"]


@pytest.mark.parametrize("domain", [AUTH, API])
def test_forwarded_headers_of_a_client_are_replaced(edge: Edge, domain: str) -> None:
    claims = {"X_Forwarded_For": "6.6.6.6", "X_Real_IP": "6.6.6.6", "X_Forwarded_Proto": "gopher"}
    headers = edge.request(domain, "/x", X_Forwarded_Host="evil.example", **claims).json["headers"]
    assert headers["x-forwarded-for"] == headers["x-real-ip"] != "6.6.6.6"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == domain


def test_both_edges_use_the_same_request_id(edge: Edge) -> None:
    answer = edge.request(WEB, "/api/x")
    assert answer.json["headers"]["x-request-id"] == answer.headers["X-Request-ID"]


def test_connections_to_an_application_are_reused(edge: Edge) -> None:
    answers = [edge.request(API, "/api/x").json for _ in range(8)]
    assert len({one["connection"] for one in answers}) < len(answers)
    assert "upgrade" not in answers[0]["headers"]


def test_connections_to_a_peer_are_reused(edge: Edge) -> None:
    """The peer is this edge itself, so its counter has the test's connections and its own."""
    before = accepted(edge)
    for _ in range(40):
        assert edge.request(WEB, "/api/x").status == 200
    assert 40 <= accepted(edge) - before < 60


def accepted(edge: Edge) -> int:
    """The number of connections the edge has accepted since it started."""
    code, output = execute(edge.container, ["curl", "-fsS", "http://127.0.0.1:8081/nginx_status"])
    assert code == 0, output
    return int(output.splitlines()[2].split()[0])


def test_long_response_headers_pass(edge: Edge) -> None:
    assert len(edge.request(AUTH, "/wide").headers["X-Wide"]) == 20_000


@pytest.mark.parametrize("domain", [API, WEB])
@pytest.mark.parametrize("path", ["/ws", "/ws/market-data"])
def test_websockets_pass_and_their_token_is_not_logged(edge: Edge, domain: str, path: str) -> None:
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
    answer = edge.request(domain, f"{path}?token={token}")
    assert token not in edge.log(answer)


@pytest.mark.parametrize("domain", [API, WEB])
def test_a_websockets_token_is_not_logged_without_the_api(
    edge_without_applications: Edge, domain: str
) -> None:
    answer = edge_without_applications.request(domain, "/ws?token=canary-down")
    assert answer.status == 502
    assert "canary-down" not in edge_without_applications.log(answer)


@pytest.mark.parametrize(
    ("accepts", "coding"), [("br, gzip", "gzip"), ("gzip", "gzip"), ("", None)]
)
def test_answers_are_compressed_as_the_client_accepts(
    edge: Edge, accepts: str, coding: str | None
) -> None:
    headers = edge.request(API, "/api/x", Accept_Encoding=accepts).headers
    assert headers["Content-Encoding"] == coding


def test_the_edge_runs_as_an_unprivileged_user(edge: Edge) -> None:
    code, output = edge.container.exec_run(["id", "-u"])
    assert (code, output) == (0, b"101\n")


def test_a_changed_configuration_needs_only_a_reload(edge: Edge, configuration: Path) -> None:
    path = configuration / "vhosts" / "api.conf"
    before = path.read_text()
    path.write_text(before.replace('"role":"api"', '"role":"changed"'))
    try:
        for command in (["-t"], ["-s", "reload"]):
            code, output = edge.container.exec_run([*NGINX, *command])
            assert code == 0, output
        wait_for_role(edge, "changed")
    finally:
        path.write_text(before)
        edge.container.exec_run([*NGINX, "-s", "reload"])
        wait_for_role(edge, "api")


def wait_for_role(edge: Edge, role: str) -> None:
    """Wait for the new workers: after a reload the old ones finish their requests."""
    deadline = time.monotonic() + 20
    while (found := edge.request(API, "/health").json["role"]) != role:
        assert time.monotonic() < deadline, f"after 20 s the edge still answers {found!r}"
        time.sleep(0.05)
