"""One question to a cloud: what is an answer and what is none."""

import socket
from collections.abc import Iterator

import pytest

from fks_infra.clouds.http import Question
from fks_infra.doctor.findings import CannotTellError
from fks_infra.doctor.web import ask, get, understood
from tests.fks_infra.conftest import Api, serving

HEADERS = {"Authorization": "Bearer canary-token"}


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as told:
        yield told


def test_an_answer_has_status_headers_and_document(api: Api) -> None:
    api.say("GET", "/x", (403, {"message": "no"}))
    answer = get(f"{api.base}/x", HEADERS, 5)
    assert (answer.status, answer.document) == (403, {"message": "no"})
    assert "date" in answer.headers
    assert api.requests[0].headers["Authorization"] == "Bearer canary-token"


def test_a_form_is_posted(api: Api) -> None:
    api.say("POST", "/x", (200, {}))
    question = Question(method="POST", url=f"{api.base}/x", headers={}, form=b"a=1")
    assert ask(question, 5).status == 200
    assert api.requests[0].body == "a=1"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_overloaded_server_cannot_tell(api: Api, status: int) -> None:
    api.say("GET", "/x?secret=canary", (status, "later"))
    with pytest.raises(CannotTellError, match=f"GET {api.base}/x answered {status}"):
        get(f"{api.base}/x?secret=canary", HEADERS, 5)


def test_a_redirect_is_not_followed(api: Api) -> None:
    api.say("GET", "/x", (302, ""))
    assert get(f"{api.base}/x", HEADERS, 5).status == 302


def test_what_is_not_json_is_not_understood(api: Api) -> None:
    api.say("GET", "/x", (200, "<html>Log in to the hotel's network"))
    with pytest.raises(CannotTellError, match="the list cannot be read: the answer was 200"):
        understood(get(f"{api.base}/x", HEADERS, 5), "the list")


def test_nobody_listening_cannot_tell() -> None:
    with pytest.raises(CannotTellError, match="Connection refused"):
        get("http://127.0.0.1:1/x", HEADERS, 5)


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CannotTellError, match="timed out"):
            get(f"http://127.0.0.1:{port}/x", HEADERS, 0.1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "no address"])
def test_a_broken_token_or_address_is_told_without_the_token(url: str) -> None:
    with pytest.raises(CannotTellError, match="bad character") as raised:
        get(url, {"Authorization": "Bearer canary-token\nmore"}, 5)
    assert "canary" not in str(raised.value)
