"""The fields and values that Authentik's API accepts for the models of our blueprints.

Source: the models of PyPI's authentik-client 2026.8.5, read 2026-11-26 (OAuth2ProviderRequest,
ApplicationRequest, GroupRequest, PolicyBindingRequest, UserRequest, TokenRequest,
RedirectURIRequest, and the enums). Blueprints also accept `password` of a user, `key` of a token:
https://docs.goauthentik.io/customize/blueprints/v1/models
"""

from collections.abc import Iterator
from typing import Any

FIELDS = {
    "authentik_providers_oauth2.oauth2provider": """
        name authentication_flow authorization_flow invalidation_flow property_mappings client_type
        grant_types client_id client_secret access_code_validity access_token_validity
        refresh_token_validity refresh_token_threshold include_claims_in_id_token signing_key
        encryption_key redirect_uris logout_uri logout_method sub_mode issuer_mode
        jwt_federation_sources jwt_federation_providers""",
    "authentik_core.application": """
        name slug provider backchannel_providers open_in_new_tab meta_launch_url meta_icon
        meta_description meta_publisher policy_engine_mode group meta_hide""",
    "authentik_core.group": "name is_superuser parents users attributes roles",
    "authentik_policies.policybinding": """
        policy group user target negate enabled order timeout failure_result""",
    "authentik_core.user": """
        username name is_active last_login groups roles email attributes path type password""",
    "authentik_core.token": "managed identifier intent user description expires expiring key",
    "authentik_blueprints.metaapplyblueprint": "identifiers required",
}
VALUES = {
    "client_type": {"confidential", "public"},
    "issuer_mode": {"global", "per_provider"},
    "policy_engine_mode": {"all", "any"},
    "intent": {"verification", "api", "recovery", "app_password"},
}
GRANT_TYPES = {
    "authorization_code",
    "implicit",
    "hybrid",
    "refresh_token",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:token-exchange",
}
MATCHING_MODES = {"strict", "regex"}
REDIRECT_URI_TYPES = {"authorization", "logout"}
PROVIDER_REQUIRED = ("authorization_flow", "invalidation_flow", "redirect_uris")


def check(model: str, fields: dict[str, Any]) -> Iterator[str]:
    """The errors of an entry's fields."""
    if model not in FIELDS:
        yield f"{model}: the stand-in has no such model"
        return
    for name in sorted(set(fields) - set(FIELDS[model].split())):
        yield f"{model}: the API has no field {name!r}"
    for name, allowed in VALUES.items():
        if name in fields and fields[name] not in allowed:
            yield f"{name} {fields[name]!r}: write one of {sorted(allowed)}"
    if model == "authentik_providers_oauth2.oauth2provider":
        yield from check_provider(fields)


def check_provider(fields: dict[str, Any]) -> Iterator[str]:
    """Settings with which logins at a real provider fail."""
    for name in PROVIDER_REQUIRED:
        if not fields.get(name):
            yield f"{name} is not set; the API requires it"
    grants = set(fields.get("grant_types", []))
    if not grants or grants - GRANT_TYPES:
        yield f"grant_types {sorted(grants)}: list at least one known grant type"
    if not fields.get("signing_key"):
        yield "signing_key is not set, so tokens would be signed with the client secret: set it"
    for uri in fields.get("redirect_uris", []):
        yield from check_redirect_uri(uri)


def check_redirect_uri(uri: dict[str, Any]) -> Iterator[str]:
    """The fields of a redirect URI."""
    if not {"matching_mode", "url"} <= set(uri) <= {"matching_mode", "url", "redirect_uri_type"}:
        yield f"redirect_uris: {uri} needs matching_mode and url, and may have redirect_uri_type"
    if uri.get("matching_mode") not in MATCHING_MODES:
        yield f"redirect_uris: matching_mode must be one of {sorted(MATCHING_MODES)}"
    if uri.get("redirect_uri_type", "authorization") not in REDIRECT_URI_TYPES:
        yield f"redirect_uris: redirect_uri_type must be one of {sorted(REDIRECT_URI_TYPES)}"
