"""nginx without our configuration, beside the web server's edge, with the same image and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rehearsal.bench import edge
from rehearsal.world import docker_api as api
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

CONFIGURATION = Path(__file__).parent / "bare" / "nginx.conf"
ORIGIN = "https://127.0.0.1:9443"
NAME = "fks-bench-nginx"
EDGE = "fks-edge-1"
FOLDER = "/var/lib/fks-bench"
_ROOT = re.compile(r"^    root /srv/fks/web/(\S+);$", re.MULTILINE)


def script_path(scenario: Scenario) -> str:
    """Return the URL's path of the front end's first script."""
    found = scenario.on_server("web", "sh", "-c", f"cd {_build(scenario)} && ls assets/*.js")
    return f"/{found.split()[0]}"


def _build(scenario: Scenario) -> str:
    """Return the folder of the build in service, on the web server."""
    found = _ROOT.search(scenario.on_server("web", "cat", f"{edge.NGINX}/vhosts/web.conf"))
    if found is None:
        raise RuntimeError("web.conf on web has no root below /srv/fks/web")
    return f"/var/lib/fks/web/{found[1]}"


@contextmanager
def started(scenario: Scenario) -> Iterator[None]:
    """Run it on the web server; RuntimeError if it does not answer."""
    server, path = scenario.server("web"), script_path(scenario)
    scenario.on_server("web", "mkdir", "-p", FOLDER)
    api.put_files(server, FOLDER, {CONFIGURATION.name: CONFIGURATION.read_bytes()}, mode=0o644)
    image = scenario.on_server("web", "docker", "inspect", "--format", "{{.Image}}", EDGE).strip()
    mounts = [
        f"{FOLDER}/{CONFIGURATION.name}:/etc/bare.conf:ro",
        f"{_build(scenario)}:/srv/bare:ro",
    ]
    run = ["docker", "run", "--rm", "--detach", "--name", NAME, "--network", "host"]
    run += ["--volumes-from", f"{EDGE}:ro"]
    run += [f"--volume={mount}" for mount in mounts]
    run += ["--entrypoint", "nginx", image, "-c", "/etc/bare.conf", "-g", "daemon off;"]
    scenario.on_server("web", *run)
    try:
        wait_until("the bare nginx answers", lambda: _error(scenario, path), 30)
        yield
    finally:
        scenario.on_server("web", "docker", "rm", "--force", NAME)
        scenario.on_server("web", "rm", "-r", FOLDER)


def _error(scenario: Scenario, path: str) -> str | None:
    fetch = ["curl", "--silent", "--show-error", "--fail", "--insecure", "--output", "/dev/null"]
    code, output = api.execute(scenario.server("web"), [*fetch, f"{ORIGIN}{path}"])
    return None if code == 0 else output.strip()
