"""The stack's configuration, parsed once into frozen values; nothing else reads it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret

from fks_infra.checks import CHECKS
from fks_infra.errors import refuse
from fks_infra.schema import NAMESPACE, Key, declared_keys, decode, did_you_mean
from fks_infra.services import Override
from fks_infra.sshkey import private_key_complaint

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


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the operator chose, checked, and nothing secret."""

    stack: str
    mode: str
    domain: str
    zone: str
    extra_names: tuple[str, ...]
    region: str
    image: str
    plan: Mapping[str, str]
    generation: Mapping[str, int]
    protect: bool
    ssh_from: tuple[str, ...]
    deploy_via: str
    deploy_public_key: str
    login_server: str
    tailscale_key_fingerprint: str
    tailnet_tags: tuple[str, ...]
    join_timeout: int
    minimal: bool
    services: Mapping[str, Override]
    registries: Mapping[str, str]
    timezone: str


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The secret half of the configuration; its values never show in a repr."""

    deploy_key: pulumi.Output[str] = field(repr=False)
    registry_password: pulumi.Output[str] = field(repr=False)


def load() -> tuple[Settings, Credentials]:
    """Read the running stack's configuration, or raise an OperatorError naming every mistake."""
    config = {name: str(value) for name, value in CONFIG.get().items()}
    secret = frozenset(name for name in config if is_config_secret(name))
    return parse(pulumi.get_stack(), config, secret, os.environ)


def parse(
    stack: str, config: Mapping[str, str], secret: frozenset[str], environ: Mapping[str, str]
) -> tuple[Settings, Credentials]:
    """Turn the engine's texts (full key to text) into settings; `secret` names the encrypted."""
    keys = declared_keys()
    refuse(_misplaced(config, keys))
    values: dict[str, Any] = {}
    problems = [*_decode_all(config, keys, values)]
    problems += [
        _problem(key, values[key], complaint)
        for key, check in CHECKS.items()
        if key in values and (complaint := check(values[key]))
    ]
    refuse([*problems, *_missing_tokens(environ)])
    refuse([*_contradictions(stack, values), *_bad_secrets(values, secret)])
    return _settings(stack, values, keys), Credentials(
        # An SSH key file ends with a newline; a value typed or piped in may have lost it.
        deploy_key=pulumi.Output.secret(values["deployKey"].strip() + "\n"),
        registry_password=pulumi.Output.secret(values["registryPassword"]),
    )


def _settings(stack: str, values: Mapping[str, Any], keys: Mapping[str, Key]) -> Settings:
    return Settings(
        stack=stack,
        mode=values["mode"],
        domain=values["domain"],
        zone=values["zone"] or values["domain"],
        extra_names=tuple(values["extraNames"]),
        region=values["region"],
        image=values["image"],
        plan={**keys["plan"].default, **values["plan"]},
        generation=values["generation"],
        protect=values["protect"],
        ssh_from=tuple(values["sshFrom"]),
        deploy_via=values["deployVia"],
        deploy_public_key=values["deployPublicKey"].strip(),
        login_server=values["loginServer"].rstrip("/"),
        tailscale_key_fingerprint=values["tailscaleKeyFingerprint"],
        tailnet_tags=tuple(values["tailnetTags"]),
        join_timeout=values["joinTimeout"],
        minimal=values["minimal"],
        services={name: Override(**fields) for name, fields in values["services"].items()},
        registries=values["registries"],
        timezone=values["timezone"],
    )


def _misplaced(config: Mapping[str, str], keys: Mapping[str, Key]) -> Iterator[str]:
    for full in sorted(config):
        namespace, _, name = full.partition(":")
        if variable := FORBIDDEN.get(full):
            yield (
                f"{full} is set in the stack's configuration, and from there it reaches the state. "
                f"Remove it (pulumi config rm {full}), renew the token if the file was shared, and "
                f"export {variable}."
            )
        elif namespace == NAMESPACE and name not in keys:
            yield f"{full} is not a configuration key; {did_you_mean(name, keys)}"


def _decode_all(
    config: Mapping[str, str], keys: Mapping[str, Key], values: dict[str, Any]
) -> Iterator[str]:
    for name, key in keys.items():
        raw = config.get(f"{NAMESPACE}:{name}")
        if raw is None and key.required:
            yield f"fks:{name} is not set. {key.description} Write it, or run fks init."
        elif raw is None:
            values[name] = key.default
        else:
            try:
                values[name] = decode(key, raw)
            except ValueError as error:
                yield _problem(name, "(hidden)" if key.secret else raw, f"{error}.")


def _missing_tokens(environ: Mapping[str, str]) -> Iterator[str]:
    def absent(*names: str) -> list[str]:
        return [name for name in names if not environ.get(name)]

    remedy = "is not in the environment; export it before pulumi runs"
    if absent("LINODE_TOKEN"):
        yield f"LINODE_TOKEN {remedy} (a token with read/write on Linodes and Firewalls)."
    if absent("CLOUDFLARE_API_TOKEN"):
        yield f"CLOUDFLARE_API_TOKEN {remedy} (a token with Zone:Read and DNS:Edit on the zone)."
    oauth = absent("TAILSCALE_OAUTH_CLIENT_ID", "TAILSCALE_OAUTH_CLIENT_SECRET")
    if oauth and absent("TAILSCALE_API_KEY"):
        yield (
            f"{' and '.join(oauth)} {remedy} (an OAuth client that may write auth_keys and devices "
            f"and owns fks:tailnetTags), or export TAILSCALE_API_KEY."
        )


def _contradictions(stack: str, values: Mapping[str, Any]) -> Iterator[str]:
    domain, zone = values["domain"], values["zone"] or values["domain"]
    if domain != zone and not domain.endswith(f".{zone}"):
        yield _problem(
            "zone", zone, f"fks:domain {domain} is not in it; write the zone that holds it."
        )
    if values["deployVia"] == "public" and not values["sshFrom"]:
        yield _problem(
            "deployVia",
            "public",
            "no address may reach SSH; write yours into fks:sshFrom, as 198.51.100.7/32.",
        )
    if values["registries"] and not values["registryPassword"]:
        yield _problem(
            "registries",
            values["registries"],
            "the password is missing; type it into pulumi config set --secret fks:registryPassword",
        )
    if len(stack) > 20 or not stack.replace("-", "").isalnum() or not stack.isascii():
        yield (
            f"The stack is called {stack!r}, and servers and firewalls are named after it: "
            f"use at most 20 letters, digits and dashes (pulumi stack rename NAME)."
        )


def _bad_secrets(values: Mapping[str, Any], secret: frozenset[str]) -> Iterator[str]:
    for name, source in (("deployKey", "< KEYFILE"), ("registryPassword", "")):
        if values[name] and f"{NAMESPACE}:{name}" not in secret:
            yield (
                f"fks:{name} is in the stack file in clear. Renew it, then store it encrypted: "
                f"pulumi config set --secret fks:{name} {source}".rstrip()
            )
    if complaint := private_key_complaint(values["deployKey"], values["deployPublicKey"]):
        yield f"fks:deployKey (hidden) {complaint}. Run fks init, which makes a new pair."


def _problem(key: str, value: Any, complaint: str) -> str:
    return f"fks:{key} is {value!r}: {complaint}"
