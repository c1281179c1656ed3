"""One question to a cloud's API whose status and headers count as much as its body."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fks_infra.doctor.finding import CannotTellError

_BODY_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; `document` is None where the body is no JSON. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    document: Any = field(repr=False)


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: whoever it leads to must not get the credentials."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoDetours)


def ask(
    url: str, headers: Mapping[str, str], seconds: float, *, form: bytes | None = None
) -> Answer:
    """GET, or POST of a form; `seconds` bound each wait for the other side.

    CannotTellError where nobody answers, or the answer is that of an overloaded or broken server.
    """
    method = "GET" if form is None else "POST"
    where = f"{method} {url.partition('?')[0]}"
    try:
        request = urllib.request.Request(url, data=form, headers=dict(headers), method=method)
        answer = _open(request, seconds)
    except ValueError:
        # Its text may show the header, and with it the token.
        raise CannotTellError(f"{where}: the address or a token has a bad character") from None
    except (OSError, http.client.HTTPException) as error:
        raise CannotTellError(f"{where}: {getattr(error, 'reason', error)}") from None
    if answer.status == 429 or answer.status >= 500:
        raise CannotTellError(f"{where} answered {answer.status}; try again in a while")
    return answer


def _open(request: urllib.request.Request, seconds: float) -> Answer:
    try:
        with _OPENER.open(request, timeout=seconds) as response:
            return _answer(response.status, response.headers, response.read(_BODY_LIMIT))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers, error.read(_BODY_LIMIT))


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    return Answer(status=status, headers=named, document=document)


def understood(answer: Answer, what: str) -> Any:
    """The document of a 200; CannotTellError for every other answer."""
    if answer.status != 200 or answer.document is None:
        raise CannotTellError(f"{what} cannot be read: the answer was {answer.status}")
    return answer.document
