"""The stack's settings, parsed once into frozen values."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret

from fks_infra.config.bucket import Bucket
from fks_infra.config.config_errors import (
    broken_tokens,
    config_error,
    misplaced_keys,
    missing_tokens,
    secret_errors,
)
from fks_infra.config.cross_errors import cross_errors
from fks_infra.config.plans import DEFAULT_PLANS
from fks_infra.config.schema import NAMESPACE, Key, declared_keys, decode
from fks_infra.config.validators import VALIDATORS
from fks_infra.errors import raise_operator_errors


@dataclass(frozen=True, kw_only=True)
class ServiceOverride:
    """What `fks:services` changes of a service or static build; None leaves the role's value.

    memory: in MiB.
    root: a static build's directory in its image.
    refresh: any text; a new one makes the servers resolve the image's tag again.
    volume: the end of the name of a database's volume; `fks upgrade` writes it.
    """

    image: str | None = None
    digest: str | None = None
    memory: int | None = None
    port: int | None = None
    root: str | None = None
    refresh: str | int | None = None
    volume: str | None = None

    def image_or(self, default: str) -> str:
        """The image, `default` unless it is changed, with the digest that pins it."""
        image = self.image or default
        return f"{image}@{self.digest}" if self.digest else image


@dataclass(frozen=True, kw_only=True)
class Pin:
    """The release that stays in service, whatever the checkout has; `since` as in ISO 8601."""

    digest: str
    since: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the operator chose, validated. No secrets.

    keep: servers of the other mode that stay. serve: the mode whose servers the records point to.
    """

    stack: str
    mode: str
    keep: tuple[str, ...]
    serve: str
    domain: str
    zone: str
    extra_names: tuple[str, ...]
    region: str
    image: str
    plan: Mapping[str, str]
    generation: Mapping[str, int]
    pin: Mapping[str, Pin]
    rotation: Mapping[str, int]
    protect: bool
    accept_data_loss: tuple[str, ...]
    ssh_from: tuple[str, ...]
    deploy_via: str
    deploy_public_key: str
    login_server: str
    acme_server: str
    caa_issuer: str
    acme_email: str
    dns_propagation_seconds: int
    tailscale_key_fingerprint: str
    tailnet_tag: str
    join_timeout: int
    low_memory: bool
    gpu: bool
    nvidia_key_fingerprint: str
    services: Mapping[str, ServiceOverride]
    registries: Mapping[str, str]
    backup: Mapping[str, Any]
    timezone: str

    @property
    def pitr(self) -> bool:
        """Whether the API's database can be restored to a time."""
        return bool(self.backup.get("pitr", False))

    @property
    def bucket(self) -> Bucket | None:
        """The bucket for backups that the program declares, if any."""
        text = self.backup.get("bucket", "")
        return Bucket.of(text) if text else None


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The secret settings; their values are not part of the repr.

    `acme_account` is the external account as `key_id` and `hmac_key`, empty for none; `backup` the
    repository as in the deploy request (host/fks_deploy/backup/settings.py), without its password
    and without what a declared bucket adds (components/backup_bucket.py);
    `ssh_key` the deploy key for connections of this process, never an input of a resource.
    """

    ssh_key: str = field(repr=False)
    deploy_key: pulumi.Output[str] = field(repr=False)
    acme_dns_token: pulumi.Output[str] = field(repr=False)
    acme_account: pulumi.Output[dict[str, str]] = field(repr=False)
    alert_webhook: pulumi.Output[str] = field(repr=False)
    registry_password: pulumi.Output[str] = field(repr=False)
    backup: pulumi.Output[dict[str, str]] = field(repr=False)


def load() -> tuple[Settings, Credentials]:
    """The running stack's settings; OperatorError with every error of the configuration."""
    config = {name: str(value) for name, value in CONFIG.get().items()}
    secret = frozenset(name for name in config if is_config_secret(name))
    return parse(pulumi.get_stack(), config, secret, os.environ)


def parse(
    stack: str, config: Mapping[str, str], secret: frozenset[str], environ: Mapping[str, str]
) -> tuple[Settings, Credentials]:
    """Settings from the engine's texts (full key to text); `secret` names the encrypted keys."""
    keys = declared_keys()
    raise_operator_errors(misplaced_keys(config, keys))
    values: dict[str, Any] = {}
    problems = [*decode_all(config, keys, values), *value_errors(values)]
    raise_operator_errors([*problems, *missing_tokens(environ), *broken_tokens(environ)])
    raise_operator_errors([*cross_errors(stack, values), *secret_errors(values, keys, secret)])
    # An SSH key file ends with a newline, which a typed or piped value may have lost.
    deploy_key = values["deployKey"].strip() + "\n"
    return settings_of(stack, values), Credentials(
        ssh_key=deploy_key,
        deploy_key=pulumi.Output.secret(deploy_key),
        acme_dns_token=pulumi.Output.secret(values["acmeDnsToken"].strip()),
        acme_account=pulumi.Output.secret(_acme_account(values)),
        alert_webhook=pulumi.Output.secret(values["alertWebhook"].strip()),
        registry_password=pulumi.Output.secret(values["registryPassword"]),
        backup=pulumi.Output.secret(_backup(stack, values)),
    )


def _acme_account(values: Mapping[str, Any]) -> dict[str, str]:
    """The external account as the deploy request has it; empty for none."""
    key_id, hmac_key = values["acmeEabKeyId"], values["acmeEabHmacKey"].strip()
    return {"key_id": key_id, "hmac_key": hmac_key} if key_id else {}


def _backup(stack: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Without what is not set."""
    found = values["backup"]
    parts = {
        "stack": stack,
        "repository": found.get("repository", ""),
        "host_key": found.get("hostKey", ""),
        "ssh_key": values["backupSshKey"].strip(),
        "s3_key_id": found.get("s3KeyId", ""),
        "s3_key": values["backupS3Key"].strip(),
    }
    return {name: value for name, value in parts.items() if value}


def settings_of(stack: str, values: Mapping[str, Any]) -> Settings:
    """The settings from validated values of all plain keys."""
    return Settings(
        stack=stack,
        mode=values["mode"],
        keep=tuple(values["keep"]),
        serve=values["serve"] or values["mode"],
        domain=values["domain"],
        zone=values["zone"] or values["domain"],
        extra_names=tuple(values["extraNames"]),
        region=values["region"],
        image=values["image"],
        plan={**DEFAULT_PLANS, **values["plan"]},
        generation=values["generation"],
        pin={server: Pin(**fields) for server, fields in values["pin"].items()},
        rotation=values["rotation"],
        protect=values["protect"],
        accept_data_loss=tuple(values["acceptDataLoss"]),
        ssh_from=tuple(values["sshFrom"]),
        deploy_via=values["deployVia"],
        deploy_public_key=values["deployPublicKey"].strip(),
        login_server=values["loginServer"].rstrip("/"),
        acme_server=values["acmeServer"],
        caa_issuer=values["caaIssuer"],
        acme_email=values["acmeEmail"],
        dns_propagation_seconds=values["dnsPropagationSeconds"],
        tailscale_key_fingerprint=values["tailscaleKeyFingerprint"],
        tailnet_tag=values["tailnetTag"],
        join_timeout=values["joinTimeout"],
        low_memory=values["lowMemory"],
        gpu=values["gpu"],
        nvidia_key_fingerprint=values["nvidiaKeyFingerprint"],
        services={name: ServiceOverride(**fields) for name, fields in values["services"].items()},
        registries=values["registries"],
        backup=values["backup"],
        timezone=values["timezone"],
    )


def value_errors(values: Mapping[str, Any]) -> Iterator[str]:
    """A paragraph for each value outside its range or format."""
    for key, check in VALIDATORS.items():
        if key in values and (error := check(values[key])):
            yield config_error(key, values[key], error)


def decode_all(
    config: Mapping[str, str], keys: Mapping[str, Key], values: dict[str, Any]
) -> Iterator[str]:
    """Add the value of each key to `values`; yield a paragraph for each that cannot be."""
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
                yield config_error(name, "(hidden)" if key.secret else raw, f"{error}.")
