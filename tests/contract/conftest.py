"""One engine for all contract tests of a run, and the stand-in clouds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.plugins.discovery import PROVIDERS, find
from tests.contract.harness import ROOT, Engine
from tests.contract.scenario import Cloud, Replays, replaying

SECONDS_TO_START = 20.0
ZONE = "fkstrading.xyz"


def pytest_report_header() -> str:
    """Show for each provider whether its real plugin is tested or the stand-in."""
    plugins = ", ".join(f"{p.provider} {p.version} {p.kind}" for p in map(find, PROVIDERS))
    return f"provider plugins: {plugins}"


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The real engine, with real plugins where found and stand-ins for the others."""
    return Engine.create(tmp_path_factory.mktemp("engine"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Create one test of each scenario of the module's cloud."""
    cloud = getattr(metafunc.module, "CLOUD", None)
    if cloud is not None and "scenario" in metafunc.fixturenames:
        metafunc.parametrize("scenario", cloud.scenarios())


@pytest.fixture(scope="module")
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """The module's cloud."""
    found: Cloud = request.module.CLOUD
    return found


@pytest.fixture(scope="module")
def replays(cloud: Cloud, engine: Engine, request: pytest.FixtureRequest) -> Iterator[Replays]:
    """The selected scenarios of the module's cloud, running."""
    with replaying(cloud, engine, request) as running:
        yield running


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The stand-in clouds on loopback: the environment variables of their addresses."""
    directory = tmp_path_factory.mktemp("clouds")
    file = directory / "ports.json"
    command = [sys.executable, "-m", "rehearsal.clouds", "local", "--ports-file", str(file)]
    process = subprocess.Popen([*command, "--zone", ZONE], cwd=ROOT)
    try:
        ports = _ports(file, process)
        yield {
            "LINODE_URL": f"http://127.0.0.1:{ports['linode']}",
            "LINODE_TOKEN": "rehearsal-linode",
            "LINODE_EVENT_POLL_MS": "50",
            "CLOUDFLARE_BASE_URL": f"http://127.0.0.1:{ports['cloudflare']}/client/v4",
            "CLOUDFLARE_API_TOKEN": f"rehearsal-{'x' * 40}",
            "TAILSCALE_BASE_URL": f"http://127.0.0.1:{ports['tailscale']}",
            "TAILSCALE_API_KEY": "rehearsal-tailscale",
        }
    finally:
        process.terminate()
        process.wait()


def _ports(file: Path, process: subprocess.Popen[bytes]) -> dict[str, int]:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists() and (text := file.read_text().strip()):
            found: dict[str, int] = json.loads(text)
            return found
        time.sleep(0.05)
    pytest.fail(f"the clouds did not start within {SECONDS_TO_START} s, status {process.poll()}")
