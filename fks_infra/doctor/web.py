"""One question to a cloud's API whose status and headers count as much as its body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fks_infra.clouds.http import Question, RefusedError, UnavailableError, fetch
from fks_infra.doctor.findings import CannotTellError


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; `document` is None where the body is no JSON. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    document: Any = field(repr=False)


def get(url: str, headers: Mapping[str, str], seconds: float) -> Answer:
    """As `ask`, of a GET."""
    return ask(Question(method="GET", url=url, headers=headers), seconds)


def ask(question: Question, seconds: float) -> Answer:
    """The answer, a redirect too; `seconds` bound each wait for the other side.

    CannotTellError where nobody answers, or the answer is that of an overloaded or broken server.
    """
    try:
        answer = fetch(question, seconds)
    except (RefusedError, UnavailableError) as error:
        raise CannotTellError(str(error)) from None
    if answer.status == 429 or answer.status >= 500:
        raise CannotTellError(f"{question} answered {answer.status}; try again in a while")
    return Answer(status=answer.status, headers=answer.headers, document=_document(answer.body))


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def understood(answer: Answer, what: str) -> Any:
    """The document of a 200; CannotTellError for every other answer."""
    if answer.status != 200 or answer.document is None:
        raise CannotTellError(f"{what} cannot be read: the answer was {answer.status}")
    return answer.document
