"""Checks that a user logs in and works with the front end in a real browser, inside the tailnet."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docker.models.containers import Container

from rehearsal.clouds.seed import AUTHORITY
from rehearsal.world import docker_api as api
from rehearsal.world.checks.tls import urls_by_role
from rehearsal.world.names import LABELS, WORK, container_name
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

SCREENSHOTS = WORK / "screenshots"
STEPS = 8
_TOKEN = "/etc/fks/secrets/auth/AUTHENTIK_BOOTSTRAP_TOKEN"
_DIRECTORY = "/root/screenshots"


def browser_login(scenario: Scenario) -> Iterator[Check]:
    """Log in, see data and messages, reload, refresh, log out; a user in no group is rejected."""
    settings = _settings(scenario)
    root = scenario.on_server(scenario.servers_by_role()["auth"], "cat", f"/{AUTHORITY}")
    container = start(scenario)
    try:
        code, output = browse(container, root, settings)
        saved = save_screenshots(container, SCREENSHOTS)
    finally:
        container.remove(force=True, v=True)
    text = problems(code, output)
    yield Check("browser_login", not text, text or f"{STEPS} steps ok, {saved} screenshots")
    yield _client_address(scenario)


def _client_address(scenario: Scenario) -> Check:
    """Authentik logs the browser's address, not the edge's, for the requests of this login."""
    server = scenario.servers_by_role()["auth"]
    log = scenario.on_server(server, "docker", "logs", "--since", "10m", "fks-auth-server-1")
    expected = scenario.operator.stdout(["tailscale", "ip", "-4"]).strip()
    found = sorted(clients(log))
    detail = f"token requests came from {', '.join(found) or 'nobody'}, the browser has {expected}"
    return Check("authentik_client_address", found == [expected], detail)


def clients(log: str) -> set[str]:
    """The clients of token requests in Authentik's log; with http if it missed the scheme."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    rows = [line for line in lines if line.get("event") == "/application/o/token/"]
    return {
        row["remote"] if row["scheme"] == "https" else f"{row['scheme']}://{row['remote']}"
        for row in rows
    }


def _settings(scenario: Scenario) -> dict[str, Any]:
    urls = urls_by_role(scenario.operator.servers())
    token = scenario.on_server(scenario.servers_by_role()["auth"], "cat", _TOKEN).strip()
    return settings(urls["web"], urls["auth"], token)


def settings(web: str, auth: str, token: str) -> dict[str, Any]:
    """The settings of prepare.py and journey.py, with two new users."""
    run = secrets.token_hex(4)
    users = {
        role: {"name": f"{role}-{run}", "password": secrets.token_urlsafe(16)}
        for role in ("member", "outsider")
    }
    return {"web": web, "auth": auth, "token": token, "group": "fks-traders", **users}


def start(scenario: Scenario) -> Container:
    """Start the browser's container in the operator's network: its resolver, its tailnet."""
    return scenario.world.client.containers.run(
        "fks-rehearsal/browser",
        name=container_name("browser"),
        labels=LABELS,
        detach=True,
        init=True,
        shm_size="256m",
        network_mode=f"container:{container_name('operator')}",
    )


def browse(container: Container, root: str, settings: dict[str, Any]) -> tuple[int, str]:
    """Run the journey; return its exit code and output."""
    files = {"authority.pem": root.encode(), "settings.json": json.dumps(settings).encode()}
    api.put_files(container, "/root", files)
    command = [
        "/bin/sh",
        "/opt/browser/browse",
        "/root/authority.pem",
        "/root/settings.json",
        _DIRECTORY,
    ]
    return api.execute(container, command)


def problems(code: int, output: str) -> str:
    """What failed in a journey; empty if all steps passed."""
    last = output.strip().splitlines()[-1:]
    if code != 0:
        return f"the journey exited with {code}: {output.strip()[-1000:]}"
    results: dict[str, str] = json.loads(last[0])
    failed = [f"{name}: {text}" for name, text in results.items() if text]
    if failed or len(results) == STEPS:
        return "; ".join(failed)
    return f"{len(results)} of {STEPS} steps: {', '.join(results)}"


def save_screenshots(container: Container, directory: Path) -> int:
    """Replace the screenshots in a directory by those of a journey; return their number."""
    for old in directory.glob("*.png"):
        old.unlink()
    chunks, _ = container.get_archive(_DIRECTORY)
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
        archive.extractall(directory.parent, filter="data")
    return len(list(directory.glob("*.png")))
