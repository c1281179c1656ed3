"""GitHub's REST API for one repository: requests, pages, and errors with a remedy.

https://docs.github.com/en/rest (version 2022-11-28)
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fks_infra.clouds.credentials import required
from fks_infra.clouds.http import (
    CALL_SECONDS,
    RejectedError,
    Request,
    Response,
    UnavailableError,
    exchange,
)

PUBLIC_API = "https://api.github.com"
# Characters of a comment or an issue, with room below the 65,536 that GitHub accepts.
COMMENT_LIMIT = 60_000
_PAGE = 100
_HEADERS = {
    "Accept": "application/vnd.github+json",
    "Content-Type": "application/json",
    "X-GitHub-Api-Version": "2022-11-28",
}


@dataclass(frozen=True, kw_only=True)
class GitHub:
    """`repository` is OWNER/NAME. Errors of every method: RejectedError, UnavailableError."""

    repository: str
    token: str = field(repr=False)
    base_url: str = PUBLIC_API
    seconds: float = CALL_SECONDS

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "GitHub":
        """From GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL, as a workflow's job has them."""
        return cls(
            repository=required(environ, "GITHUB_REPOSITORY"),
            token=required(environ, "GITHUB_TOKEN"),
            base_url=environ.get("GITHUB_API_URL") or PUBLIC_API,
        )

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON document of a 2xx; `path` begins below the repository."""
        request = Request(
            method=method,
            url=f"{self.base_url.rstrip('/')}/repos/{self.repository}{path}",
            headers={**_HEADERS, "Authorization": f"Bearer {self.token}"},
            body=None if body is None else json.dumps(body).encode(),
        )
        response = exchange(request, self.seconds)
        if response.status >= 300:
            raise _error(response)
        return response.document

    def find(self, path: str) -> Any | None:
        """As a GET by `call`, and None for a 404."""
        try:
            return self.call("GET", path)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """The rows of all pages of a list."""
        number = 1
        while True:
            options = urlencode({**query, "per_page": _PAGE, "page": number})
            rows = self.call("GET", f"{path}?{options}")
            yield from rows
            if len(rows) < _PAGE:
                return
            number += 1


def _error(response: Response) -> RejectedError | UnavailableError:
    status, message = response.status, _message(response)
    detail = f"{response.source} answered {status}{f': {message}' if message else ''}"
    if _is_rate_limit(response):
        # Further requests during a limit extend it.
        return RejectedError(detail, f"GitHub's rate limit is used up{_until(response)}", status)
    if status >= 500:
        return UnavailableError(detail, "See https://www.githubstatus.com, then run the job again")
    return RejectedError(detail, _remedy(response), status)


def _is_rate_limit(response: Response) -> bool:
    """A secondary limit has Retry-After; a primary one has no request left."""
    if response.status not in (403, 429):
        return False
    headers = response.headers
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"


def _until(response: Response) -> str:
    if pause := response.headers.get("retry-after"):
        return f"; run the job again in {pause} s"
    if (reset := response.headers.get("x-ratelimit-reset", "")).isdigit():
        return time.strftime(" until %H:%M UTC; run the job again then", time.gmtime(int(reset)))
    return "; run the job again later"


def _remedy(response: Response) -> str:
    status = response.status
    if status == 401:
        return "GITHUB_TOKEN (hidden) is invalid or expired: make a new one"
    if status in (403, 404):
        # GitHub answers 404 to a token that may not see what it asks for.
        rights = response.headers.get("x-accepted-github-permissions", "")
        needed = f" {rights.replace(';', ' or')}" if rights else " of this request"
        return f"Give GITHUB_TOKEN (hidden) the permission{needed}, in a workflow by `permissions:`"
    if status == 410:
        return "Turn the feature on in the repository's settings"
    return ""


def _message(response: Response) -> str:
    """GitHub's message with the details of a 422, on one line of at most 300 characters."""
    try:
        document = response.document
    except UnavailableError:
        return ""
    if not isinstance(document, dict):
        return ""
    parts = [str(document.get("message", ""))]
    for row in document.get("errors") or ():
        parts.append(str(row.get("message") or row) if isinstance(row, dict) else str(row))
    return " ".join(" ".join(parts).split())[:300]
