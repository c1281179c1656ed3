"""A login to a registry with basic authentication, with a token server, or without a password."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.clouds.image_registry import base_url, log_in
from tests.background_server import running

RIGHT = "Basic " + base64.b64encode(b"reader:right").decode()


@contextmanager
def registry(kind: str, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that it was asked for; `status` answers the right password."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            known = self.headers["Authorization"] == RIGHT
            asks = self.path == "/v2/" and kind and not (known and kind == "Basic")
            self.send_response(status if known or not kind else 401)
            if asks:
                realm = f"http://127.0.0.1:{self.server.server_port}/token"  # type: ignore[attr-defined]
                self.send_header("WWW-Authenticate", f'{kind} realm="{realm}",service="reg"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """No log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with running(server):
        yield f"http://127.0.0.1:{server.server_port}", paths


def test_the_address_of_a_registry() -> None:
    assert base_url("ghcr.io") == "https://ghcr.io"
    assert base_url("docker.io") == "https://registry-1.docker.io"


@pytest.mark.parametrize(
    ("kind", "paths"),
    [("Basic", ["/v2/", "/v2/"]), ("Bearer", ["/v2/", "/token?service=reg&account=reader"])],
)
def test_the_right_password_is_accepted_and_a_wrong_one_refused(
    kind: str, paths: list[str]
) -> None:
    with registry(kind) as (address, asked):
        log_in(address, "reader", "right")
        assert asked == paths
        with pytest.raises(RejectedError, match="refuses the password of reader"):
            log_in(address, "reader", "wrong")


def test_a_registry_without_passwords_proves_nothing() -> None:
    with registry("") as (address, _), pytest.raises(RejectedError, match="asks for no password"):
        log_in(address, "reader", "right")


def test_a_temporary_failure_is_no_refusal() -> None:
    with registry("Basic", 503) as (address, _), pytest.raises(UnavailableError, match="503"):
        log_in(address, "reader", "right")
