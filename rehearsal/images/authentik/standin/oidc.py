"""OIDC: authorization code with PKCE, refresh tokens, and signatures with the stored key."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import jwt  # type: ignore[import-not-found,unused-ignore]

from . import store, users
from .keys import KEY_ID, load

# Authentik's defaults.
CODE_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 60, 300, 30 * 86400


class OidcError(ValueError):
    """An OAuth error: the standard's code, and optionally ": " and a description."""


def provider(client_id: str) -> dict[str, Any]:
    """Return a client's provider from the applied blueprint."""
    for found in store.entries("authentik_providers_oauth2.oauth2provider"):
        if found["client_id"] == client_id:
            return found
    raise OidcError("invalid_client")


def provider_named(name: str) -> dict[str, Any]:
    """Return the provider with a name."""
    found = store.entries("authentik_providers_oauth2.oauth2provider")
    return next(entry for entry in found if entry["name"] == name)


def application(slug: str) -> dict[str, Any] | None:
    """Return the application with a slug."""
    found = store.entries("authentik_core.application")
    return next((entry for entry in found if entry["slug"] == slug), None)


def slug_of(client_id: str) -> str:
    """Return the slug of a client's application."""
    name = provider(client_id)["name"]
    found = store.entries("authentik_core.application")
    return next(str(entry["slug"]) for entry in found if entry["provider"]["name"] == name)


def signing_key() -> Any:
    """Return the private key for signatures."""
    stored = store.document("key")
    if stored is None:
        raise OidcError("server_error")
    return load(stored["pem"])


def redirect_uris(found: dict[str, Any], kind: str) -> list[str]:
    """Return a provider's registered URLs of a kind: authorization or logout."""
    uris = found["redirect_uris"]
    return [uri["url"] for uri in uris if uri.get("redirect_uri_type", "authorization") == kind]


def validate(query: dict[str, str]) -> None:
    """Validate an authorization request."""
    found = provider(query.get("client_id", ""))
    if query.get("redirect_uri") not in redirect_uris(found, "authorization"):
        raise OidcError("invalid_request: redirect_uri is not registered")
    if "authorization_code" not in found["grant_types"] or query.get("response_type") != "code":
        raise OidcError("unsupported_response_type")
    if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
        raise OidcError("invalid_request: PKCE with S256 is required")


def authorize(query: dict[str, str], username: str) -> str:
    """Return the redirect URL with a user's code."""
    code = secrets.token_urlsafe(32)
    stored = ("client_id", "redirect_uri", "code_challenge", "nonce", "scope")
    grant = {name: query.get(name, "") for name in stored} | {"username": username}
    store.put_grant(code, grant, CODE_SECONDS)
    return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query.get('state', '')})}"


def exchange(form: dict[str, str], base: str) -> dict[str, Any]:
    """Return tokens for a code or a refresh token."""
    kind = form.get("grant_type", "")
    if kind not in provider(form.get("client_id", ""))["grant_types"]:
        raise OidcError("unsupported_grant_type")
    grant = store.take_grant(form.get("code") or form.get("refresh_token") or "")
    if grant is None or grant["client_id"] != form["client_id"]:
        raise OidcError("invalid_grant")
    if kind == "authorization_code":
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            challenge != grant["code_challenge"]
            or form.get("redirect_uri") != grant["redirect_uri"]
        ):
            raise OidcError("invalid_grant")
    return tokens(grant, base)


def user_claims(username: str) -> dict[str, Any]:
    """Return the claims about a user that the scopes `email` and `profile` include."""
    user = users.by_name(username)
    if user is None:
        raise OidcError("invalid_grant")
    return {
        "sub": hashlib.sha256(username.encode()).hexdigest(),
        "preferred_username": username,
        "name": user["name"],
        "email": user["email"],
        "email_verified": False,
        "groups": user["groups"],
    }


def tokens(grant: dict[str, Any], base: str) -> dict[str, Any]:
    """Return signed tokens for the grant's user; a refresh token only for scope offline_access."""
    now = int(time.time())
    claims = user_claims(grant["username"]) | {
        "iss": f"{base}/application/o/{slug_of(grant['client_id'])}/",
        "aud": grant["client_id"],
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "nonce": grant["nonce"],
    }
    signed = jwt.encode(claims, signing_key(), algorithm="RS256", headers={"kid": KEY_ID})
    answer = {
        "access_token": signed,
        "id_token": signed,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": grant["scope"],
    }
    if "offline_access" in str(grant["scope"]).split():
        answer["refresh_token"] = secrets.token_urlsafe(48)
        store.put_grant(answer["refresh_token"], grant, REFRESH_SECONDS)
    return answer


def user_of(bearer: str) -> dict[str, Any]:
    """Return the claims of a valid token."""
    try:
        claims: dict[str, Any] = jwt.decode(
            bearer, signing_key().public_key(), algorithms=["RS256"], options={"verify_aud": False}
        )
    except jwt.InvalidTokenError as error:
        raise OidcError("invalid_token") from error
    return claims
