"""The certificate authority's front: what passes, what is broken on the way."""

import httpx
import pytest

from tests.rehearsal.clouds.client import desk

NOBODY = ("https://127.0.0.1:1", "/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What reaches an authority that answers 201 with a nonce."""
    asked: list[httpx.Request] = []

    async def answer(_self: object, request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, headers={"Replay-Nonce": "n1"}, json={"status": "valid"})

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)
    return asked


def test_a_request_passes_with_its_body_and_the_answer_with_its_headers(
    authority: list[httpx.Request],
) -> None:
    here = desk(acme=NOBODY)
    answer = here.acme.post("/sign-me-up?x=1", content=b"signed")
    assert (answer.status_code, answer.headers["replay-nonce"]) == (201, "n1")
    assert answer.json() == {"status": "valid"}
    (request,) = authority
    assert (request.url.path, request.url.query, request.content) == (
        "/sign-me-up",
        b"x=1",
        b"signed",
    )
    assert [row["path"] for row in here.clouds.journal.select("acme")] == ["/sign-me-up"]


def test_a_fault_is_told_as_a_problem_document_and_reaches_nobody(
    authority: list[httpx.Request],
) -> None:
    here = desk(acme=NOBODY)
    here.clouds.faults.add({"cloud": "acme", "path": "order", "status": 429})
    answer = here.acme.post("/order")
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:ietf:params:acme:error:rateLimited"
    assert authority == []


def test_an_authority_that_is_down_is_502() -> None:
    answer = desk(acme=NOBODY).acme.get("/dir")
    assert answer.status_code == 502
    assert "the authority" in answer.json()["detail"]


def test_a_new_record_is_seen_when_its_time_has_come() -> None:
    here = desk()
    zone = next(iter(here.clouds.cloudflare.zones))
    assert here.linode.post("/rehearsal/propagation", json={"seconds": 60}).status_code == 200
    record = {"type": "TXT", "name": "_acme-challenge", "content": "x", "ttl": 60}
    here.cloudflare.post(f"/client/v4/zones/{zone}/dns_records", json=record)
    assert here.clouds.propagation.visible() == []
    here.clouds.advance(61)
    assert [row["content"] for row in here.clouds.propagation.visible()] == ["x"]
    here.linode.post("/rehearsal/reset")
    assert here.clouds.propagation.seconds == 0


def test_a_negative_delay_is_refused() -> None:
    answer = desk().linode.post("/rehearsal/propagation", json={"seconds": -1})
    assert answer.status_code == 400
    assert "seconds is -1" in answer.json()["error"]


def test_a_token_for_other_zones_sees_none() -> None:
    headers = {"Authorization": "Bearer rehearsal-elsewhere-0123456789"}
    answer = desk().cloudflare.get("/client/v4/zones?name=fkstrading.xyz", headers=headers).json()
    assert (answer["success"], answer["result"]) == (True, [])
