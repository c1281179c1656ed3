"""Errors of a stack's configuration beside its values: unknown keys, credentials, secrets."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.clouds.credentials import (
    is_malformed,
    malformed,
    malformed_message,
    missing,
    repair_command,
)
from fks_infra.config.schema import NAMESPACE, Key, did_you_mean
from fks_infra.config.ssh_keys import private_key_error
from fks_infra.config.url_validators import is_webhook

# Groups of four characters; the last one may lack its padding.
_BASE64URL = re.compile(r"(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?", re.ASCII)

# Former names of settings.
RENAMED: dict[str, str] = {
    "minimal": "lowMemory",
    "dnsWait": "dnsPropagationSeconds",
    "dnsToken": "acmeDnsToken",
}

# Provider credentials in the stack file end up in the state, some of them readable.
FORBIDDEN: dict[str, str] = {
    "linode:token": "LINODE_TOKEN",
    "cloudflare:apiToken": "CLOUDFLARE_API_TOKEN",
    "cloudflare:apiKey": "CLOUDFLARE_API_TOKEN",
    "cloudflare:apiUserServiceKey": "CLOUDFLARE_API_TOKEN",
    "tailscale:apiKey": "TAILSCALE_API_KEY",
    "tailscale:identityToken": "TAILSCALE_API_KEY",
    "tailscale:oauthClientId": "TAILSCALE_OAUTH_CLIENT_ID",
    "tailscale:oauthClientSecret": "TAILSCALE_OAUTH_CLIENT_SECRET",
}


def misplaced_keys(config: Mapping[str, str], keys: Mapping[str, Key]) -> Iterator[str]:
    """Unknown keys, and provider credentials, which belong into the environment."""
    for full in sorted(config):
        namespace, _, name = full.partition(":")
        if variable := FORBIDDEN.get(full):
            yield (
                f"{full} is set in the stack's configuration, which would store it in the state. "
                f"Remove it (pulumi config rm {full}), renew the token if the file was shared, and "
                f"export {variable}."
            )
        elif namespace == NAMESPACE and name in RENAMED:
            yield f"{full} is not a configuration key; it is fks:{RENAMED[name]} now."
        elif namespace == NAMESPACE and name not in keys:
            yield f"{full} is not a configuration key; {did_you_mean(name, keys)}"


def missing_tokens(environ: Mapping[str, str]) -> Iterator[str]:
    """Provider credentials that are not in the environment."""
    yield from (credential.message for credential in missing(environ))


def broken_tokens(environ: Mapping[str, str]) -> Iterator[str]:
    """Provider credentials that hold what no credential does."""
    for name in malformed(environ):
        yield f"{malformed_message(name)}. Remove it: {repair_command(name)}"


def unencrypted_secrets(
    values: Mapping[str, Any], keys: Mapping[str, Key], encrypted: frozenset[str]
) -> Iterator[str]:
    """Secrets that are not encrypted; `encrypted` has the full keys that are."""
    for name in (name for name, key in keys.items() if key.secret):
        if values[name] and f"{NAMESPACE}:{name}" not in encrypted:
            yield (
                f"fks:{name} is in the stack file without encryption. Renew it, then store it from "
                f"a file or by typing: pulumi config set --secret fks:{name} [< FILE]"
            )


def secret_errors(
    values: Mapping[str, Any], keys: Mapping[str, Key], encrypted: frozenset[str]
) -> Iterator[str]:
    """Secrets that are not encrypted (`encrypted` has the full keys that are), malformed ones."""
    yield from unencrypted_secrets(values, keys, encrypted)
    if not values["acmeDnsToken"].strip() or is_malformed(values["acmeDnsToken"].strip()):
        yield (
            "fks:acmeDnsToken (hidden) is empty or has a character that no token has. Store it "
            "again: pulumi config set --secret fks:acmeDnsToken"
        )
    if not _BASE64URL.fullmatch(values["acmeEabHmacKey"].strip()):
        yield (
            "fks:acmeEabHmacKey (hidden) is not in base64url (RFC 8555, section 7.3.4). Store it "
            "again: pulumi config set --secret fks:acmeEabHmacKey"
        )
    if not is_webhook(values["alertWebhook"].strip()):
        yield (
            "fks:alertWebhook (hidden) is not an https URL. Store it again, as the receiver shows "
            "it: pulumi config set --secret fks:alertWebhook"
        )
    if error := private_key_error(values["deployKey"], values["deployPublicKey"]):
        yield f"fks:deployKey (hidden) {error}. Run fks init, which makes a new pair."


def config_error(key: str, value: Any, error: str) -> str:
    """A paragraph with the key, the value and the error."""
    return f"fks:{key} is {value!r}: {error}"
