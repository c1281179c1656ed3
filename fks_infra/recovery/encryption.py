"""The secrets of a stack, encrypted with age to public keys. They are never written unencrypted."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fks_infra.config.pulumi_cli import pulumi, run
from fks_infra.errors import OperatorError, raise_operator_errors

# https://age-encryption.org: X25519, and OpenSSH's keys
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}|ssh-(ed25519|rsa) [A-Za-z0-9+/=]+( .*)?")
_GENERATED = "random:index/randomPassword:RandomPassword"


def check_recipients(recipients: Sequence[str]) -> None:
    """OperatorError for what is no recipient of age. Its text is not repeated: it may be a key."""
    raise_operator_errors(
        f"--encrypt-to, value {number}, is neither age1... nor ssh-ed25519 or ssh-rsa with a key: "
        f"write a public key. Nothing was written.\nNext: age-keygen -y KEY"
        for number, one in enumerate(recipients, 1)
        if not _RECIPIENT.fullmatch(one)
    )


def encrypted(document: Mapping[str, Any], recipients: Sequence[str]) -> str:
    """The document as armored text of age; OperatorError if age is missing or fails."""
    options = [word for one in recipients for word in ("--recipient", one)]
    return run(["age", "--encrypt", "--armor", *options], json.dumps(document, indent=2) + "\n")


def secrets(stack: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """`passphrase` (empty where there is none), `config` by key, `generated` by resource name."""
    options = ("--show-secrets", "--stack", stack)
    config = json.loads(pulumi("config", "--json", *options))
    state = json.loads(pulumi("stack", "export", *options))
    return {
        "stack": stack,
        "passphrase": passphrase(environ),
        "config": {key: row["value"] for key, row in config.items() if row.get("secret")},
        "generated": dict(_generated(state)),
    }


def passphrase(environ: Mapping[str, str]) -> str:
    """As pulumi finds it: a variable, or a file that another one names."""
    if text := environ.get("PULUMI_CONFIG_PASSPHRASE", ""):
        return text
    file = environ.get("PULUMI_CONFIG_PASSPHRASE_FILE", "")
    try:
        return Path(file).expanduser().read_text().strip() if file else ""
    except OSError as error:
        raise OperatorError(
            f"the file {file} of PULUMI_CONFIG_PASSPHRASE_FILE cannot be read: {error.strerror}. "
            f"Nothing was written.\nNext: export PULUMI_CONFIG_PASSPHRASE_FILE=FILE"
        ) from None


def _generated(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in (state.get("deployment") or {}).get("resources") or []:
        if row["type"] == _GENERATED and not row.get("delete"):
            result = row["outputs"]["result"]
            # Pulumi writes the value of a secret as JSON.
            yield row["urn"].rpartition("::")[2], json.loads(result["plaintext"])
