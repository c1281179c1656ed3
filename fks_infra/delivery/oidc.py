"""The claims of a workflow's identity token, as the tailnet sees them; never the token.

https://docs.github.com/en/actions/reference/security/oidc
"""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fks_infra.clouds.http import Request, UnavailableError, exchange
from fks_infra.errors import OperatorError

SHOWN = ("iss", "sub", "aud", "environment", "ref", "job_workflow_ref")
_URL, _TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


def claims(environ: Mapping[str, str], audience: str) -> dict[str, str]:
    """The claims that a trust is bound to; OperatorError where the job gets no token."""
    if not environ.get(_URL):
        raise OperatorError(
            f"{_URL} is not set: this job may not have an identity token. Give it the permission "
            f"id-token: write."
        )
    request = Request(
        method="GET",
        url=f"{environ[_URL]}&{urlencode({'audience': audience})}",
        headers={"Authorization": f"Bearer {environ.get(_TOKEN, '')}"},
    )
    response = exchange(request)
    if response.status != 200:
        raise UnavailableError(f"GitHub's token service answered {response.status}")
    payload = _payload(str(response.document["value"]))
    return {name: str(payload[name]) for name in SHOWN if name in payload}


def _payload(token: str) -> Mapping[str, Any]:
    """The second part of the JSON Web Token (RFC 7519)."""
    part = token.split(".")[1]
    decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    payload: Mapping[str, Any] = json.loads(decoded)
    return payload
