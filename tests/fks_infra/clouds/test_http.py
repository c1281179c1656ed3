"""One request to a cloud: what may go wrong, and who gets the credentials."""

import pytest

from fks_infra.clouds.http import Question, RefusedError, UnavailableError, send
from tests.fks_infra.conftest import Api, serving

HEADERS = {"Authorization": "Bearer canary-token"}


def ask(url: str, **headers: str) -> Question:
    return Question(method="GET", url=url, headers={**HEADERS, **headers})


def test_an_answer_is_its_document(api: Api) -> None:
    api.say("GET", "/x?y=1", (200, {"a": 1}))
    assert send(ask(f"{api.base}/x?y=1"), "") == {"a": 1}
    assert api.requests[0].headers["Authorization"] == "Bearer canary-token"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_told_and_its_target_gets_nothing(api: Api, status: int) -> None:
    with serving() as other:
        api.location = f"{other.base}/portal?secret=canary"
        api.say("GET", "/x", (status, ""))
        with pytest.raises(RefusedError) as raised:
            send(ask(f"{api.base}/x"), "renew it")
        assert other.requests == []
    text = str(raised.value)
    assert f"GET {api.base}/x answered {status} and leads to {other.base}/portal," in text
    assert "canary" not in text


def test_a_redirect_to_nowhere_is_told_too(api: Api) -> None:
    api.say("GET", "/x", (302, ""))
    with pytest.raises(RefusedError, match=f"302 and leads to {api.base}/x,"):
        send(ask(f"{api.base}/x"), "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "no address"])
def test_a_bad_header_or_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(RefusedError, match="bad character") as raised:
        send(ask(url, Authorization="Bearer canary\nmore"), "")
    assert "canary" not in str(raised.value)


def test_a_page_is_no_answer_for_now(api: Api) -> None:
    api.say("GET", "/x", (200, "<html>Log in to the hotel's network"))
    with pytest.raises(UnavailableError, match="something that is no JSON"):
        send(ask(f"{api.base}/x"), "")


def test_a_query_is_not_told(api: Api) -> None:
    api.say("GET", "/x?secret=canary", (503, ""))
    with pytest.raises(UnavailableError, match="answered 503") as raised:
        send(ask(f"{api.base}/x?secret=canary"), "")
    assert "canary" not in str(raised.value)
