"""One HTTP request to a cloud's API, and the errors it can end with.

Redirects are not followed: their target must not receive the credentials.
"""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

CALL_SECONDS = 15.0
_BODY_LIMIT = 16 * 1024 * 1024
_HEADERS = {"Accept": "application/json", "User-Agent": "fks-infra"}


class CloudError(Exception):
    """`detail` says what happened, `remedy` what the operator can do about it (may be empty)."""

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(f"{detail}. {remedy}" if remedy else f"{detail}.")
        self.detail = detail
        self.remedy = remedy


class RejectedError(CloudError):
    """Repeating the call will not help. `status` is the HTTP status, where there was a response."""

    def __init__(self, detail: str, remedy: str = "", status: int | None = None) -> None:
        super().__init__(detail, remedy)
        self.status = status


class WrongAddressError(RejectedError):
    """The credential is valid, but not from this machine's address."""


class UnavailableError(CloudError):
    """No response, or a temporary failure: repeating the call may help."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request. `body` is encoded as its Content-Type says, a form without."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url.partition('?')[0]}"


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response of any status, `source` being its request. Header names are lower case."""

    source: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def document(self) -> Any:
        """The JSON body, None for an empty one; UnavailableError where it is not JSON."""
        try:
            return json.loads(self.body) if self.body.strip() else None
        except ValueError:
            # A proxy or a captive portal, as a rule.
            raise UnavailableError(f"{self.source} answered something that is no JSON") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@cache
def _opener() -> urllib.request.OpenerDirector:
    """One TLS context for all requests: each loads the machine's certificate authorities."""
    https = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    return urllib.request.build_opener(_NoRedirects, https)


def exchange(request: Request, seconds: float = CALL_SECONDS) -> Response:
    """Send one request. `seconds` limits each wait for the other side.

    Raises UnavailableError without a response, RejectedError for a malformed address or header.
    """
    try:
        return _open(request, seconds)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError(f"{request}: {getattr(error, 'reason', error)}") from None
    except ValueError:
        # Its text may show the header, and with it the credential.
        raise RejectedError(
            f"{request}: the address or a credential (hidden) has an invalid character"
        ) from None


def _open(request: Request, seconds: float) -> Response:
    prepared = urllib.request.Request(
        request.url, request.body, {**_HEADERS, **request.headers}, method=request.method
    )
    try:
        with _opener().open(prepared, timeout=seconds) as received:
            return _response(request, received.status, received)
    except urllib.error.HTTPError as error:
        with error:
            return _response(request, error.code, error)


def _response(request: Request, status: int, received: Any) -> Response:
    headers = {str(name).lower(): str(value) for name, value in received.headers.items()}
    body = received.read(_BODY_LIMIT)
    return Response(source=str(request), status=status, headers=headers, body=body)
