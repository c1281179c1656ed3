"""The world's logs as files, without its secrets, for a run whose world is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rehearsal.world import counters
from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import forms, secrets_of

# A directory; tests of the world that fail write their logs there.
VARIABLE = "FKS_WORLD_LOGS"
_LINES = 3000
# What a server knows about a failed deploy.
ON_SERVER = {
    "fks": "for one in /var/log/fks/*.log; do echo == $one; cat $one; done",
    "journal": f"journalctl --no-pager --lines={_LINES}",
    "containers": "for one in $(docker ps --all --quiet); do"
    " docker ps --all --filter id=$one; docker logs --tail 300 $one 2>&1; done",
}


def collect(scenario: Scenario, directory: Path) -> None:
    """Write a file for each log of the world; nothing if the secrets cannot be read."""
    secrets = secrets_of(scenario)
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in logs(scenario):
        (directory / f"{name}.log").write_text(redacted(text, secrets), encoding="utf-8")


def logs(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each log, of the stand-ins' containers and of the servers."""
    client = scenario.world.client
    for container in client.containers.list(all=True, filters=api.mine()):
        yield f"{container.name}", container.logs(tail=_LINES).decode(errors="replace")
    for server in counters.servers(client):
        for name, script in ON_SERVER.items():
            yield f"{server.name}-{name}", api.execute(server, ["sh", "-c", script])[1]


def redacted(text: str, secrets: Mapping[str, str]) -> str:
    """Replace every secret, also in base64 or URL encoding, by its name."""
    named = {form: name for name, value in secrets.items() for form in forms(value) if form}
    if not named:
        return text
    # Longer ones first: one secret may begin with another.
    ordered = sorted(named, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(form) for form in ordered))
    return pattern.sub(lambda found: f"<{named[found[0]]}>", text)
