"""`fks init`: prepares a stack with settings and a deploy key, and prints the next steps."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from fks_infra.clouds.credentials import LINODE_RIGHTS
from fks_infra.config import deploy_key_pair, lost_secrets, stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.config.schema import declared_keys
from fks_infra.config.stored_secret import store_secret
from fks_infra.config.validators import VALIDATORS, Validator
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT

# Question, default and validator to answer.
Prompt = Callable[[str, str, Validator], str]

_QUESTIONS: dict[str, str] = {
    "mode": "Three servers (multi) or one (single)",
    "domain": "Domain of the web server",
    "zone": "Cloudflare zone that holds it",
    "region": "Linode region",
}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """A stack, and the values to write into its configuration."""

    stack: str
    values: Mapping[str, str]

    @classmethod
    def complete(cls, stack: str, given: Mapping[str, str], prompt: Prompt | None) -> "Choices":
        """Add missing values, from `prompt` or the defaults; OperatorError for an invalid value."""
        values: dict[str, str] = {}
        if not stack:
            stack = prompt("Stack", "prod", _accept) if prompt else "prod"
        current = configured(stack)
        for name, question in _QUESTIONS.items():
            validator = VALIDATORS[name]
            default = current[name] or (values["domain"] if name == "zone" else "")
            value = given.get(name) or (prompt(question, default, validator) if prompt else default)
            if complaint := validator(value):
                raise OperatorError(f"fks:{name} is {value!r}: {complaint}")
            values[name] = value
        return cls(stack=stack, values=values)


def configured(stack: str, directory: Path = PROJECT_ROOT) -> dict[str, str]:
    """For each question the value in the stack's file, or else the default."""
    file = directory / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    config, keys = (document or {}).get("config") or {}, declared_keys()
    return {name: str(config.get(f"fks:{name}") or keys[name].default or "") for name in _QUESTIONS}


def _accept(_: str) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The result of a preparation."""

    key_kept: bool
    has_dns_token: bool


def prepare(choices: Choices, acme_dns_token: Callable[[], str], *, new_key: bool) -> Prepared:
    """Write the configuration through pulumi's own CLI.

    An existing deploy key and DNS token are kept. `acme_dns_token` supplies a missing token and may
    return an empty string.
    """
    pulumi("stack", "select", "--create", choices.stack)
    for name, value in choices.values.items():
        pulumi("config", "set", f"fks:{name}", "--stack", choices.stack, "--", value)
    present = json.loads(pulumi("config", "--json", "--stack", choices.stack))
    key_kept = "fks:deployKey" in present and not new_key
    if not key_kept:
        deploy_key_pair.store(choices.stack, deploy_key_pair.new_pair(choices.stack))
    token = "" if "fks:acmeDnsToken" in present else acme_dns_token().strip()
    if token:
        store_secret(choices.stack, "acmeDnsToken", token)
    has_token = bool(token) or "fks:acmeDnsToken" in present
    return Prepared(key_kept=key_kept, has_dns_token=has_token)


def without_secrets(stack: str) -> str:
    """Remove the secrets of a stack whose passphrase is lost; what the operator has to set again.

    OperatorError where the stack still has a state, which the lost passphrase has encrypted.
    """
    existing = [one["name"] for one in json.loads(pulumi("stack", "ls", "--json"))]
    if stack.rpartition("/")[2] in {name.rpartition("/")[2] for name in existing}:
        raise OperatorError(
            f"stack {stack} has a state, whose secrets only the lost passphrase decrypts. Nothing "
            f"was changed.\nNext: pulumi stack rm {stack} --force --yes --preserve-config, then "
            f"the same again"
        )
    removed = lost_secrets.remove(PROJECT_ROOT / stack_files.file_name(stack))
    return f"Removed from {stack_files.file_name(stack)}: {', '.join(removed) or 'no secret'}"


def next_steps(choices: Choices, prepared: Prepared) -> str:
    """What was done, and what the operator does next."""
    key = "keeps its deploy key" if prepared.key_kept else "has a new deploy key"
    missing = f"""The servers' own Cloudflare token is still missing. This command prompts for it:

  pulumi config set --secret fks:acmeDnsToken --stack {choices.stack}

"""
    policy = f"fks tailnet policy --stack {choices.stack}"
    return f"""Stack {choices.stack} is prepared and {key}. Before pulumi runs, export:

  LINODE_TOKEN                   {LINODE_RIGHTS}
  CLOUDFLARE_API_TOKEN           Zone:Read and DNS:Edit on {choices.values["zone"]}
  TAILSCALE_OAUTH_CLIENT_ID      an OAuth client that carries fks:tailnetTag, with the scopes
  TAILSCALE_OAUTH_CLIENT_SECRET  auth_keys and devices:core, and policy_file:read for
                                 fks doctor (or TAILSCALE_API_KEY)
  TAILSCALE_TAILNET              the tailnet's name, if the credentials have several

{"" if prepared.has_dns_token else missing}The tailnet's policy must have what this prints: {policy}
This machine must be in the tailnet. Then:

  fks doctor --stack {choices.stack}      reports what is wrong or missing, and how to fix it
  pulumi preview --stack {choices.stack}"""
