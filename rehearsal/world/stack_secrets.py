"""The secrets of a stack, and the places that must not contain them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from rehearsal.world.operator import EVENTS, STATE
from rehearsal.world.scenario import Scenario

CREDENTIALS = (
    "LINODE_TOKEN",
    "CLOUDFLARE_API_TOKEN",
    "FKS_ACME_DNS_TOKEN",
    "TAILSCALE_API_KEY",
    "PULUMI_CONFIG_PASSPHRASE",
)
# Resource type -> output that is a generated secret.
GENERATED = {
    "random:index/randomPassword:RandomPassword": "result",
    "tailscale:index/tailnetKey:TailnetKey": "key",
}
# Shorter lines of a private key also occur elsewhere.
_MIN_LINE = 20
# The engine's key of a decrypted secret in an exported state.
_PLAINTEXT = "plaintext"

# (command that prints the place, text it must contain: an empty place does not count as clean)
Place = tuple[str, str]
_TEMPORARY: Place = (
    "ls -lR /tmp /var/tmp; find /tmp /var/tmp -type f -exec cat {} +",
    "total",
)
ON_OPERATOR: Mapping[str, Place] = {
    "the state": (f"find {STATE} -type f ! -name events.jsonl -exec cat {{}} +", "ciphertext"),
    "the event log": (f"cat {EVENTS}", "resourcePreEvent"),
    "the project's directory, with the bundles": (
        "find /srv/fks -type f -exec cat {} +",
        "bootstrap.sh",
    ),
    "temporary files": _TEMPORARY,
    "the stack's outputs": ("operator-run pulumi stack output --json", "inventory"),
    "the stack's configuration": ("operator-run pulumi config --json", "fks:deployPublicKey"),
}
ON_SERVER: Mapping[str, Place] = {
    "the journal": ("journalctl --no-pager --output=export", "fks"),
    "all logs, cloud-init's too": ("find /var/log -type f -exec cat {} +", "cloud-init"),
    "the bundles": (
        "find /opt/fks /usr/local/lib/fks /var/lib/fks/incoming -type f -exec cat {} +",
        "bootstrap.sh",
    ),
    "the deploy journal": ("cat /var/lib/fks/journal.jsonl", "digest"),
    "docker inspect": (
        "docker inspect $(docker ps --all --quiet) $(docker image ls --quiet)",
        "Config",
    ),
    "the containers' logs": (
        "for one in $(docker ps --all --quiet); do echo container; docker logs $one 2>&1; done",
        "container",
    ),
    "temporary files": _TEMPORARY,
}


def secrets_of(scenario: Scenario) -> dict[str, str]:
    """Return every secret of the selected stack by a name that may be shown."""
    exported = scenario.operator.output(["pulumi", "stack", "export", "--show-secrets"])
    config = scenario.operator.output(["pulumi", "config", "--show-secrets", "--json"])
    secrets = {name: _environment(scenario, name) for name in CREDENTIALS}
    for key, entry in json.loads(config).items():
        if entry["secret"]:
            secrets |= dict(lines_of(key, entry["value"]))
    for resource in json.loads(exported)["deployment"]["resources"]:
        if resource["type"] in GENERATED:
            output = resource["outputs"][GENERATED[resource["type"]]]
            secrets[str(resource["urn"]).rpartition("::")[2]] = _decrypted(output)
    return secrets


def _environment(scenario: Scenario, name: str) -> str:
    return scenario.operator.output(["printenv", name]).strip()


def lines_of(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value's lines with their names: a log may print a value line by line."""
    for number, line in enumerate(value.splitlines()):
        if (len(line) >= _MIN_LINE and "PRIVATE KEY" not in line) or "\n" not in value.strip():
            yield f"{name}, line {number}", line


def _decrypted(value: Any) -> str:
    return str(json.loads(value[_PLAINTEXT]) if isinstance(value, dict) else value)


def secrets_in(text: str, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets in a text, also in base64 or URL encoding."""
    return [name for name, value in secrets.items() if any(form in text for form in forms(value))]


def forms(value: str) -> tuple[str, ...]:
    """Return a value as it is, in URL encoding and in base64."""
    return (value, quote(value, safe=""), base64.b64encode(value.encode()).decode())
