"""join.sh with stand-ins for the programs it runs."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

SCRIPT = REPOSITORY / "host/join.sh"
FINGERPRINT = "AB12"
STAND_IN = f"""#!/bin/bash
echo "${{0##*/}} $*" >>"$STATE/calls"
case "${{0##*/}} $*" in
  dpkg-query*) cat "$STATE/package" ;;
  'gpg '*) printf 'pub:\\nfpr:::::::::{FINGERPRINT}:\\n' ;;
  'apt-helper '*) touch "${{@: -1}}" ;;
  'apt-get '*tailscale) echo installed >"$STATE/package" ;;
  'tailscale ip'*) cat "$STATE/address" 2>/dev/null || exit 1 ;;
  'tailscale up'*) echo 100.64.0.9 >"$STATE/address" ;;
esac
"""


@dataclass
class Host:
    """A server of its own directory; `package` is the state of the package tailscale."""

    root: Path

    def join(self, package: str = "") -> list[str]:
        """Run the script; the programs that it ran, without queries."""
        (self.root / "package").write_text(package)
        (self.root / "calls").write_text("")
        (self.root / "key").write_text("tskey")
        options = ["--hostname=fks-web-1", "--login-server=https://control.example"]
        options += [f"--key-fingerprint={FINGERPRINT}", f"--auth-key-file={self.root / 'key'}"]
        environment = {"PATH": f"{self.root}:{os.environ['PATH']}", "STATE": str(self.root)}
        done = subprocess.run([self.root / "join.sh", *options], env=environment, timeout=20)
        assert done.returncode == 0, (self.root / "join.log").read_text()
        calls = (self.root / "calls").read_text().splitlines()
        return [call for call in calls if not call.startswith(("dpkg-query", "tailscale ip"))]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    for name in ("apt-get", "apt-helper", "dpkg", "dpkg-query", "gpg", "systemctl", "tailscale"):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    text = SCRIPT.read_text()
    for original, replacement in (
        ("/usr/lib/apt/apt-helper", "apt-helper"),
        ("/usr/share/keyrings/", f"{tmp_path}/"),
        ("/etc/apt/sources.list.d/", f"{tmp_path}/"),
        ("LOG=/var/log/fks/", f"LOG={tmp_path}/"),
        ("install -d -m 0755 /var/log/fks", ":"),
    ):
        assert original in text
        text = text.replace(original, replacement)
    (tmp_path / "join.sh").write_text(text)
    (tmp_path / "join.sh").chmod(0o755)
    return Host(tmp_path)


@pytest.mark.parametrize("package", ["", "half-configured", "unpacked", "half-installed"])
def test_a_package_that_is_not_completely_installed_is_installed(host: Host, package: str) -> None:
    calls = host.join(package)
    assert calls[0] == "dpkg --configure --pending"
    assert any(call.startswith("apt-get") and call.endswith(" tailscale") for call in calls)
    assert calls[-2] == "systemctl enable --now tailscaled.service"
    assert calls[-1].startswith("tailscale up --auth-key=file:")


def test_an_installed_package_is_left_as_it_is_and_the_service_started(host: Host) -> None:
    calls = host.join("installed")
    assert calls[0] == "systemctl enable --now tailscaled.service"
    assert not (host.root / "key").exists()


def test_a_second_run_in_the_tailnet_does_not_join_again(host: Host) -> None:
    host.join()
    assert host.join("installed") == ["systemctl enable --now tailscaled.service"]
