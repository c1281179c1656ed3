"""One request to a cloud's API, with the two ways it can fail.

No redirect is followed: whoever it leads to must not get the credentials.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

_CALL_SECONDS = 15.0
_BODY_LIMIT = 16 * 1024 * 1024


class RefusedError(Exception):
    """Asking again will not help; the text says what will."""


class UnavailableError(Exception):
    """No answer, or not now; asking again may help."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to ask of whom. `form` is the body of a POST, as it is sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    form: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url.partition('?')[0]}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, whatever its status. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class _NoDetours(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoDetours)


def fetch(question: Question, seconds: float = _CALL_SECONDS) -> Answer:
    """The answer; `seconds` bound each wait. UnavailableError where there is none."""
    try:
        return _open(question, seconds)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError(f"{question}: {getattr(error, 'reason', error)}") from None
    except ValueError:
        # Its text may show the header, and with it the credential.
        raise RefusedError(
            f"{question}: the address or a credential (hidden) has a bad character in it"
        ) from None


def _open(question: Question, seconds: float) -> Answer:
    request = urllib.request.Request(
        question.url, question.form, dict(question.headers), method=question.method
    )
    try:
        with _OPENER.open(request, timeout=seconds) as response:
            return _answer(response.status, response.headers, response.read(_BODY_LIMIT))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers, error.read(_BODY_LIMIT))


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body)


def send(question: Question, remedy: str, *, gone_is_fine: bool = False) -> Any:
    """The JSON document of the answer; RefusedError (with the remedy) or UnavailableError."""
    answer = fetch(question)
    if answer.status == 404 and gone_is_fine:
        return None
    if answer.status == 429 or answer.status >= 500:
        raise UnavailableError(f"{question} answered {answer.status}")
    if 300 <= answer.status < 400:
        raise RefusedError(_detour(question, answer))
    if answer.status >= 400:
        raise RefusedError(f"{question} answered {answer.status}. {remedy}")
    try:
        return json.loads(answer.body) if answer.body.strip() else None
    except ValueError:
        raise UnavailableError(f"{question} answered with something that is no JSON") from None


def _detour(question: Question, answer: Answer) -> str:
    there = urlsplit(urljoin(question.url, answer.headers.get("location", "")))
    host = there.netloc.rpartition("@")[2]
    return (
        f"{question} answered {answer.status} and leads to {there.scheme}://{host}{there.path}, "
        f"where the credentials were not sent. The clouds' APIs lead nowhere else: look for a "
        f"proxy or a network's log-in page between here and there, and at the variables with the "
        f"APIs' addresses."
    )
