"""Cloudflare's API: envelopes, retries, and the real provider's error texts."""

from __future__ import annotations

from typing import Any

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.bridge.framework import failure
from rehearsal.plugins.bridge.web import Answer, Retry, Web

RETRY = Retry(
    statuses=frozenset({408, 409, 429, *range(500, 600)}),
    repetitions=2,
    pause=lambda repetition, retry_after: retry_after or 0.5 * 2**repetition,
)


def failed(call: Call, web: Web, method: str, path: str, answer: Answer) -> ProviderError:
    """The error for an error status; it shows the whole document."""
    text = f'{method} "{web.url(path)}": {answer.phrase} {answer.text}'
    return failure(call, "failed to make http request", text)


def result(call: Call, web: Web, method: str, path: str, **arguments: Any) -> Any:
    """The `result` of the envelope of one call."""
    answer = web.call(method, path, **arguments)
    if not answer.ok:
        raise failed(call, web, method, path, answer)
    return answer.json["result"]
