"""Every secret of a stack, and where one that was shown would be found."""

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
GENERATED = {
    "random:index/randomPassword:RandomPassword": "result",
    "tailscale:index/tailnetKey:TailnetKey": "key",
}
# Shorter lines of a private key are not worth looking for.
_LINE = 20
# What the engine calls an opened secret in an exported state.
_PLAINTEXT = "plaintext"

# Places on the operator's machine and on a server: what prints them, and a word that has to be in
# there, so that an empty place is not taken for a clean one.
Place = tuple[str, str]
ON_OPERATOR: Mapping[str, Place] = {
    "the state": (f"find {STATE} -type f ! -name events.jsonl -exec cat {{}} +", "ciphertext"),
    "the event log": (f"cat {EVENTS}", "resourcePreEvent"),
    "the bundles and what else lies in the project": (
        "find /srv/fks -type f -exec cat {} +",
        "bootstrap.sh",
    ),
    "temporary files": ("ls -lR /tmp /var/tmp; find /tmp /var/tmp -type f -exec cat {} +", "total"),
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
    "temporary files": ("ls -lR /tmp /var/tmp; find /tmp /var/tmp -type f -exec cat {} +", "total"),
}


def secrets_of(scenario: Scenario) -> dict[str, str]:
    """Return every secret the selected stack has now, by a name that may be shown."""
    exported = scenario.operator.output(["pulumi", "stack", "export", "--show-secrets"])
    config = scenario.operator.output(["pulumi", "config", "--show-secrets", "--json"])
    held = {name: _environment(scenario, name) for name in CREDENTIALS}
    for key, entry in json.loads(config).items():
        if entry["secret"]:
            held |= dict(_lines(key, entry["value"]))
    for resource in json.loads(exported)["deployment"]["resources"]:
        if resource["type"] in GENERATED:
            held[_name_of(resource)] = _opened(resource["outputs"][GENERATED[resource["type"]]])
    return held


def _environment(scenario: Scenario, name: str) -> str:
    return scenario.operator.output(["printenv", name]).strip()


def _lines(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A value of several lines by its lines: a log may break it."""
    for number, line in enumerate(value.splitlines()):
        if (len(line) >= _LINE and "PRIVATE KEY" not in line) or "\n" not in value.strip():
            yield f"{name}, line {number}", line


def _name_of(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _opened(value: Any) -> str:
    """A secret of the state, which was exported in the clear."""
    return str(json.loads(value[_PLAINTEXT]) if isinstance(value, dict) else value)


def shown_in(text: str, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets that a text shows, also as base64 or as part of a URL."""
    return [name for name, value in secrets.items() if any(form in text for form in _forms(value))]


def _forms(value: str) -> tuple[str, ...]:
    return (value, quote(value, safe=""), base64.b64encode(value.encode()).decode())
