"""One request to a cloud: its errors, and where the credentials are sent."""

import socket

import pytest

from fks_infra.clouds.http import RejectedError, Request, UnavailableError, exchange
from tests.fks_infra.conftest import ScriptedApi, serving

HEADERS = {"Authorization": "Bearer canary-token"}


def request(url: str, **headers: str) -> Request:
    return Request(method="GET", url=url, headers={**HEADERS, **headers})


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_response_has_status_headers_and_document(api: ScriptedApi, status: int) -> None:
    api.respond("GET", "/x?y=1", (status, {"a": 1}))
    response = exchange(request(f"{api.base}/x?y=1"))
    assert (response.status, response.document) == (status, {"a": 1})
    assert "date" in response.headers
    assert api.requests[0].headers["Authorization"] == "Bearer canary-token"


def test_a_form_is_posted(api: ScriptedApi) -> None:
    api.respond("POST", "/x", (200, {}))
    assert exchange(Request(method="POST", url=f"{api.base}/x", body=b"a=1")).status == 200
    assert api.requests[0].body == "a=1"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(api: ScriptedApi, status: int) -> None:
    with serving() as other:
        api.location = f"{other.base}/portal"
        api.respond("GET", "/x", (status, ""))
        assert exchange(request(f"{api.base}/x")).status == status
        assert other.requests == []


def test_an_empty_body_is_no_document(api: ScriptedApi) -> None:
    api.respond("GET", "/x", (200, ""))
    assert exchange(request(f"{api.base}/x")).document is None


def test_a_body_that_is_not_json_is_unavailable(api: ScriptedApi) -> None:
    api.respond("GET", "/x?secret=canary", (200, "<html>Log in to the hotel's network"))
    response = exchange(request(f"{api.base}/x?secret=canary"))
    with pytest.raises(UnavailableError, match="something that is no JSON") as raised:
        _ = response.document
    assert "canary" not in str(raised.value)


def test_a_closed_port_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match="Connection refused"):
        exchange(request("http://127.0.0.1:1/x"))


def test_a_silent_server_is_unavailable_after_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UnavailableError, match="timed out"):
            exchange(request(f"http://127.0.0.1:{port}/x"), 0.1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "no address"])
def test_an_invalid_header_or_address_is_rejected_without_its_value(url: str) -> None:
    with pytest.raises(RejectedError, match="invalid character") as raised:
        exchange(request(url, Authorization="Bearer canary\nmore"))
    assert "canary" not in str(raised.value)


def test_an_error_has_its_remedy_in_its_text() -> None:
    assert str(RejectedError("gone", "Make a new one", 404)) == "gone. Make a new one"
    assert str(UnavailableError("busy")) == "busy."
