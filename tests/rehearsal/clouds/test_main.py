"""The clouds as a process: three loopback ports."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.rehearsal.clouds.client import TOKEN

ROOT = Path(__file__).resolve().parents[3]
LOCAL = [sys.executable, "-m", "rehearsal.clouds", "local"]


def wait_for(path: Path, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait for a file that the process writes when it is ready."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, f"it ended with {process.returncode}"
        assert time.monotonic() < deadline, f"no {path.name} within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def ports_file(tmp_path: Path) -> Path:
    """The file that gets the ports."""
    return tmp_path / "ports.json"


@pytest.fixture
def local(ports_file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The clouds on loopback."""
    process = subprocess.Popen([*LOCAL, "--ports-file", str(ports_file)], cwd=ROOT)
    wait_for(ports_file, process)
    yield process
    process.kill()
    process.wait(timeout=20)


def test_three_clouds_answer_on_loopback_until_sigterm(
    ports_file: Path, local: subprocess.Popen[bytes]
) -> None:
    ports: dict[str, int] = json.loads(ports_file.read_text(encoding="utf-8"))
    paths = {
        "linode": "/v4/account/events",
        "cloudflare": "/client/v4/zones",
        "tailscale": "/api/v2/tailnet/-/devices",
    }
    assert ports.keys() == paths.keys()
    for name, path in paths.items():
        url = f"http://127.0.0.1:{ports[name]}{path}"
        request = Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 200
    local.send_signal(signal.SIGTERM)
    assert local.wait(timeout=20) == 0
