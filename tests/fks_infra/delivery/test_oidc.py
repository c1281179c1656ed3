"""The claims of the job's identity token are shown, and the token is not."""

import base64
import json

import pytest

from fks_infra.clouds.http import UnavailableError
from fks_infra.delivery.oidc import claims
from fks_infra.errors import OperatorError
from tests.fks_infra.conftest import ScriptedApi

SUBJECT = "repo:fks/infra:environment:production"


def token(**payload: str) -> str:
    def part(document: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(payload)}.c2lnbmF0dXJl"


def environ(api: ScriptedApi) -> dict[str, str]:
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{api.base}/token?api-version=2",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary",
    }


def test_subject_and_audience_are_read(api: ScriptedApi) -> None:
    value = token(sub=SUBJECT, aud="tailnet/ci", iss="https://issuer.example", jti="hidden")
    api.respond("GET", "/token?api-version=2&audience=tailnet%2Fci", (200, {"value": value}))
    found = claims(environ(api), "tailnet/ci")
    assert found == {"iss": "https://issuer.example", "sub": SUBJECT, "aud": "tailnet/ci"}
    assert api.requests[0].headers["Authorization"] == "Bearer canary"


def test_a_job_without_the_permission_is_an_error() -> None:
    with pytest.raises(OperatorError, match="permission id-token: write"):
        claims({}, "tailnet/ci")


def test_a_service_that_fails_is_an_error_without_the_address(api: ScriptedApi) -> None:
    api.respond("GET", "/token?api-version=2&audience=x", (500, "canary"))
    with pytest.raises(UnavailableError) as raised:
        claims(environ(api), "x")
    assert str(raised.value) == "GitHub's token service answered 500."
