"""One HTTPS port for many names."""

import os
import signal
import ssl
import subprocess
import sys
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from rehearsal.clouds.app import Clouds
from rehearsal.clouds.hosts import HostRouter
from rehearsal.world.authority import Authority
from tests.rehearsal.clouds.client import TOKEN, AppClient
from tests.rehearsal.clouds.test_main import ROOT, wait_for


def test_https_selects_the_cloud_by_host_name(tmp_path: Path) -> None:
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


def by_host(packages: Path | None = None) -> tuple[Clouds, AppClient]:
    """All clouds behind one application, in this process."""
    clouds = Clouds()
    return clouds, AppClient(HostRouter(clouds.apps, clouds.journal, packages))


def get(client: AppClient, host: str, path: str) -> Any:
    """GET with a Host header."""
    return client.get(path, headers={"Host": host})


def test_an_unknown_host_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    clouds, client = by_host()
    assert get(client, "api.hetzner.cloud", "/v1/servers").status_code == 421
    assert "UNKNOWN HOST: GET api.hetzner.cloud/v1/servers" in capsys.readouterr().err
    assert [row["cloud"] for row in clouds.journal.unknown()] == ["api.hetzner.cloud"]


def test_every_cloud_has_the_control_api() -> None:
    _, client = by_host()
    for host in ("api.linode.com", "api.cloudflare.com", "api.tailscale.com"):
        assert get(client, host, "/rehearsal/unknown").json() == []


def test_the_package_sources_have_their_own_names(tmp_path: Path) -> None:
    (tmp_path / "libnvidia-container").mkdir()
    (tmp_path / "libnvidia-container/gpgkey").write_bytes(b"nvidia")
    folder = tmp_path / "stable" / "debian"
    folder.mkdir(parents=True)
    (folder / "trixie.noarmor.gpg").write_bytes(b"key")
    (folder / "tailscale_1.0+standin_all.deb").write_bytes(b"deb")
    _, client = by_host(tmp_path)
    host = "pkgs.tailscale.com"
    assert get(client, host, "/stable/debian/trixie.noarmor.gpg").content == b"key"
    assert get(client, host, "/stable/debian/tailscale_1.0%2bstandin_all.deb").content == b"deb"
    assert get(client, host, "/stable/debian/dists/nope").status_code == 404
    assert get(client, "nvidia.github.io", "/libnvidia-container/gpgkey").content == b"nvidia"
