"""The proxy of the certificate authority."""

import httpx
import pytest

from tests.rehearsal.clouds.client import cloud_clients

UNREACHABLE = ("https://127.0.0.1:1", "/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """The requests that reach an authority, which answers 201 with a nonce."""
    received: list[httpx.Request] = []

    async def answer(_self: object, request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(201, headers={"Replay-Nonce": "n1"}, json={"status": "valid"})

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)
    return received


def test_a_request_passes_with_its_body_and_the_answer_with_its_headers(
    authority: list[httpx.Request],
) -> None:
    here = cloud_clients(acme=UNREACHABLE)
    answer = here.acme.post("/sign-me-up?x=1", content=b"signed")
    assert (answer.status_code, answer.headers["replay-nonce"]) == (201, "n1")
    assert answer.json() == {"status": "valid"}
    (request,) = authority
    received = (request.url.path, request.url.query, request.content)
    assert received == ("/sign-me-up", b"x=1", b"signed")
    assert [row["path"] for row in here.clouds.journal.select("acme")] == ["/sign-me-up"]


def test_a_fault_is_a_problem_document_and_the_authority_gets_no_request(
    authority: list[httpx.Request],
) -> None:
    here = cloud_clients(acme=UNREACHABLE)
    here.clouds.faults.add({"cloud": "acme", "path": "order", "status": 429})
    answer = here.acme.post("/order")
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:ietf:params:acme:error:rateLimited"
    assert authority == []


def test_an_authority_that_is_down_is_502() -> None:
    answer = cloud_clients(acme=UNREACHABLE).acme.get("/dir")
    assert answer.status_code == 502
    assert "the authority" in answer.json()["detail"]
