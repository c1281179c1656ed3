"""One cloud's API with one login: calls it and turns HTTP statuses into errors with a remedy."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from fks_infra.clouds import http
from fks_infra.clouds.http import (
    CALL_SECONDS,
    RejectedError,
    Request,
    Response,
    UnavailableError,
    WrongAddressError,
)
from fks_infra.clouds.retry import is_temporary

# Cloudflare and Tailscale answer 400 to some credentials they cannot parse.
CREDENTIAL_STATUSES = frozenset({400, 401, 403})


@dataclass(frozen=True, kw_only=True)
class Api:
    """`authorize` gives the Authorization header; `variables` names the credentials in errors and
    `remedy` says how to replace them; `seconds` limits each wait of a call. `wrong_address` is in
    the answer to a credential that is valid from other addresses only; empty where there is none.
    """

    name: str
    base_url: str
    authorize: Callable[[], str] = field(repr=False)
    variables: str
    remedy: str
    seconds: float = CALL_SECONDS
    wrong_address: bytes = b""

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        public: bool = False,
    ) -> Response:
        """The response of a 2xx; `public` sends no credentials.

        Raises RejectedError, UnavailableError, or CredentialError of `authorize`.
        """
        login = {} if public else {"Authorization": self.authorize()}
        request = Request(
            method=method,
            url=f"{self.base_url}{path}",
            headers={**login, **(headers or {})},
            body=body,
        )
        response = http.exchange(request, self.seconds)
        if response.status >= 300:
            raise self._error(request, response)
        return response

    def get(
        self, path: str, *, headers: Mapping[str, str] | None = None, public: bool = False
    ) -> Any:
        """The JSON document of a GET; errors as of `call`."""
        return self.call("GET", path, headers=headers, public=public).document

    def find(self, path: str, *, public: bool = False) -> Any | None:
        """As `get`, and None for a 404."""
        try:
            return self.get(path, public=public)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def post(self, path: str, document: Mapping[str, Any]) -> Any:
        """The JSON document of the answer to a POST of one; errors as of `call`."""
        headers = {"Content-Type": "application/json"}
        return self.call("POST", path, headers=headers, body=json.dumps(document).encode()).document

    def delete(self, path: str) -> None:
        """Delete; what does not exist (404) is fine."""
        try:
            self.call("DELETE", path)
        except RejectedError as error:
            if error.status != 404:
                raise

    def _error(self, request: Request, response: Response) -> RejectedError | UnavailableError:
        status = response.status
        if is_temporary(status):
            return UnavailableError(f"{request} answered {status}")
        if status < 400:
            return _redirect_error(request, response)
        answered = f"{request} answered {status}"
        if self.wrong_address and self.wrong_address in response.body:
            refused = f"{self.name} does not accept {self.variables} from this machine's address"
            remedy = "Add the address to those from which it may be used"
            return WrongAddressError(f"{refused}: {answered}", remedy, status)
        if status in CREDENTIAL_STATUSES:
            detail = f"{self.name} rejects {self.variables}: {answered}"
            return RejectedError(detail, self.remedy, status)
        return RejectedError(answered, status=status)


def _redirect_error(request: Request, response: Response) -> RejectedError:
    target = urlsplit(urljoin(request.url, response.headers.get("location", "")))
    host = target.netloc.rpartition("@")[2]
    return RejectedError(
        f"{request} answered {response.status}, a redirect to {target.scheme}://{host}"
        f"{target.path}; the credentials were not sent there",
        "These APIs do not redirect: check for a proxy or a network's login page, and check the "
        "variables with the APIs' addresses",
        response.status,
    )
