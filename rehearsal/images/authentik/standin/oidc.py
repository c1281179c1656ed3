"""OIDC: authorization code with PKCE, refresh tokens, and signatures with the stored key."""

import base64
import hashlib
import secrets
import time
from typing import Any

import jwt  # type: ignore[import-not-found,unused-ignore]
from cryptography.hazmat.primitives import serialization

from . import store

CODE_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 60, 600, 30 * 86400
USER = {
    "sub": "rehearsal",
    "preferred_username": "rehearsal",
    "email": "rehearsal@fks.invalid",
    "email_verified": False,
    "groups": ["fks-traders"],
}


class OidcError(ValueError):
    """An OAuth error: the standard's code, and optionally ": " and a description."""


def provider(client_id: str) -> dict[str, Any]:
    """Return a client's provider from the applied blueprint."""
    for found in store.entries("authentik_providers_oauth2.oauth2provider"):
        if found["client_id"] == client_id:
            return found
    raise OidcError("invalid_client")


def application(slug: str) -> dict[str, Any] | None:
    """Return the application with a slug."""
    found = store.entries("authentik_core.application")
    return next((entry for entry in found if entry["slug"] == slug), None)


def slug_of(client_id: str) -> str:
    """Return the slug of a client's application."""
    name = provider(client_id)["name"]
    found = store.entries("authentik_core.application")
    return next(str(entry["slug"]) for entry in found if entry["provider"]["name"] == name)


def key() -> Any:
    """Return the private key for signatures."""
    stored = store.document("key")
    if stored is None:
        raise OidcError("server_error")
    return serialization.load_pem_private_key(stored["pem"].encode(), None)


def jwks() -> dict[str, Any]:
    """Return the public key as a JSON Web Key Set."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key().public_key(), as_dict=True)
    return {"keys": [public | {"kid": "standin", "use": "sig", "alg": "RS256"}]}


def authorize(query: dict[str, str]) -> str:
    """Validate an authorization request; return the redirect URL with the code."""
    found = provider(query.get("client_id", ""))
    redirect = query.get("redirect_uri", "")
    if redirect not in [uri["url"] for uri in found["redirect_uris"]]:
        raise OidcError("invalid_request: redirect_uri is not registered")
    if "authorization_code" not in found["grant_types"] or query.get("response_type") != "code":
        raise OidcError("unsupported_response_type")
    if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
        raise OidcError("invalid_request: PKCE with S256 is required")
    code = secrets.token_urlsafe(32)
    stored = ("client_id", "redirect_uri", "code_challenge", "nonce", "scope")
    store.put_grant(code, {name: query.get(name, "") for name in stored}, CODE_SECONDS)
    return f"{redirect}?code={code}&state={query.get('state', '')}"


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


def tokens(grant: dict[str, Any], base: str) -> dict[str, Any]:
    """Return signed tokens for the test user; a refresh token only for scope offline_access."""
    now = int(time.time())
    claims = USER | {
        "iss": f"{base}/application/o/{slug_of(grant['client_id'])}/",
        "aud": grant["client_id"],
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "nonce": grant["nonce"],
    }
    signed = jwt.encode(claims, key(), algorithm="RS256", headers={"kid": "standin"})
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
            bearer, key().public_key(), algorithms=["RS256"], options={"verify_aud": False}
        )
    except jwt.InvalidTokenError as error:
        raise OidcError("invalid_token") from error
    return claims
