"""The clouds as processes: loopback ports, HTTPS by host name, and their ends."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from rehearsal.clouds.app import Clouds
from rehearsal.clouds.hosts import ByHost
from rehearsal.world.authority import Authority
from tests.processes import assert_ends
from tests.rehearsal.clouds.client import TOKEN, Client

ROOT = Path(__file__).resolve().parents[3]
LOCAL = [sys.executable, "-m", "rehearsal.clouds", "local"]


def wait_for(path: Path, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait for a file the process writes when it is ready."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, f"it ended with {process.returncode}"
        assert time.monotonic() < deadline, f"no {path.name} within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def ports_file(tmp_path: Path) -> Path:
    """Where the process will write its ports."""
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


def test_the_clouds_end_when_their_parent_is_gone(ports_file: Path) -> None:
    """The parent is a shell that starts the clouds, says their pid, and waits."""
    script = f"{' '.join(LOCAL)} --ports-file {ports_file} & echo $!; wait"
    parent = subprocess.Popen(["sh", "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_for(ports_file, parent)
    parent.kill()
    parent.wait(timeout=20)
    assert_ends(child, 20)


def test_https_chooses_the_cloud_by_host_name(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    cert, key = authority.issue("cloud", ("api.linode.com", "api.tailscale.com"))
    ready = tmp_path / "port"
    script = Path(__file__).with_name("serve_hosts.py")
    command = [sys.executable, str(script), str(cert), str(key), str(ready)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        wait_for(ready, process)
        context = ssl.create_default_context(cafile=str(authority.certificate))
        context.check_hostname = False
        port = int(ready.read_text(encoding="utf-8"))
        for host, path in (
            ("api.linode.com", "/v4/account/events"),
            ("api.tailscale.com", "/api/v2/tailnet/-/devices"),
        ):
            connection = HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
            headers = {"Host": host, "Authorization": f"Bearer {TOKEN}"}
            connection.request("GET", path, headers=headers)
            assert connection.getresponse().status == 200, host
            connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait(timeout=20)


def by_host(packages: Path | None = None) -> tuple[Clouds, Client]:
    """All clouds behind one application, in this process."""
    clouds = Clouds()
    return clouds, Client(ByHost(clouds.apps, clouds.journal, packages))


def ask(client: Client, host: str, path: str) -> Any:
    """GET with a Host header."""
    return client.get(path, headers={"Host": host})


def test_an_unknown_host_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    clouds, client = by_host()
    assert ask(client, "api.hetzner.cloud", "/v1/servers").status_code == 421
    assert "UNKNOWN HOST: GET api.hetzner.cloud/v1/servers" in capsys.readouterr().err
    assert [row["cloud"] for row in clouds.journal.unknown()] == ["api.hetzner.cloud"]


def test_the_side_door_is_open_under_any_name() -> None:
    _, client = by_host()
    assert ask(client, "198.51.100.2", "/rehearsal/ready").json() == {"ready": True}


def test_the_package_source_is_served_under_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "stable" / "debian"
    folder.mkdir(parents=True)
    (folder / "trixie.noarmor.gpg").write_bytes(b"key")
    (folder / "tailscale_1.0+standin_all.deb").write_bytes(b"deb")
    _, client = by_host(tmp_path)
    host = "pkgs.tailscale.com"
    assert ask(client, host, "/stable/debian/trixie.noarmor.gpg").content == b"key"
    assert ask(client, host, "/stable/debian/tailscale_1.0%2bstandin_all.deb").content == b"deb"
    assert ask(client, host, "/stable/debian/dists/nope").status_code == 404
