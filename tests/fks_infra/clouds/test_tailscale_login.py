"""Tailscale's credentials: which are used, and how they log in."""

import pytest

from fks_infra.clouds.credentials import CredentialError
from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.tailscale_login import Credentials, Login
from tests.fks_infra.conftest import ScriptedApi

TOKEN = "/api/v2/oauth/token"
CLIENT = {
    "TAILSCALE_OAUTH_CLIENT_ID": "the+id",
    "TAILSCALE_OAUTH_CLIENT_SECRET": "canary&secret",
}


def login(api: ScriptedApi, environ: dict[str, str]) -> Login:
    return Login(Credentials.read({**environ, "TAILSCALE_BASE_URL": api.base}), 5.0)


def test_an_api_key_is_the_user_of_basic_authentication(api: ScriptedApi) -> None:
    header = login(api, {**CLIENT, "TAILSCALE_API_KEY": "tskey-canary"}).authorization()
    assert header == "Basic dHNrZXktY2FuYXJ5Og=="
    assert api.requests == []


def test_an_oauth_client_gets_a_token_once(api: ScriptedApi) -> None:
    api.respond("POST", TOKEN, (200, {"access_token": "tok"}))
    client = login(api, CLIENT)
    assert client.authorization() == client.authorization() == "Bearer tok"
    (request,) = api.requests
    assert request.body == (
        "grant_type=client_credentials&client_id=the%2Bid&client_secret=canary%26secret"
    )


def test_a_rejected_oauth_client_is_named_with_the_page_for_a_new_one(api: ScriptedApi) -> None:
    api.respond("POST", TOKEN, (401, {"message": "canary"}))
    with pytest.raises(RejectedError, match=r"CLIENT_SECRET \(hidden\)") as raised:
        login(api, CLIENT).authorization()
    assert "/settings/oauth" in raised.value.remedy
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("environ", [{}, {"TAILSCALE_OAUTH_CLIENT_ID": "id"}])
def test_missing_credentials_are_named(environ: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="Export TAILSCALE_API_KEY"):
        Credentials.read(environ)


@pytest.mark.parametrize(
    "name", ["TAILSCALE_API_KEY", "TAILSCALE_OAUTH_CLIENT_ID", "TAILSCALE_OAUTH_CLIENT_SECRET"]
)
def test_every_credential_is_checked(name: str) -> None:
    with pytest.raises(CredentialError, match=f"^{name} "):
        Credentials.read({**CLIENT, name: "canary\n"})


def test_no_secret_is_in_the_repr() -> None:
    assert "canary" not in repr(Credentials.read(CLIENT))
    assert "the+id" not in repr(Credentials.read(CLIENT))
