"""Stand-ins go where the engine looks, for the SDKs' versions, and never over the real ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.plugins.install import PROVIDERS, install, sdk_version


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A PATH on which nothing is installed."""
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    return tmp_path


def plugin(home: Path, name: str) -> Path:
    version = sdk_version(name)
    return home / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"


def test_every_provider_and_the_language_host_get_a_launcher(empty_path: Path) -> None:
    lines = install(empty_path / "home", empty_path / "bin", sys.executable)
    assert len(lines) == len(PROVIDERS) + 1
    assert all(line.endswith("stand-in") for line in lines)
    for name in PROVIDERS:
        assert plugin(empty_path / "home", name).stat().st_mode & 0o111
    assert (empty_path / "bin" / "pulumi-language-python").stat().st_mode & 0o111


def test_a_second_installation_replaces_the_first(empty_path: Path) -> None:
    install(empty_path / "home", empty_path / "bin", "/old/python")
    install(empty_path / "home", empty_path / "bin", sys.executable)
    text = plugin(empty_path / "home", "command").read_text()
    assert text.startswith(f"#!{sys.executable}\n")


def test_a_real_plugin_stays(empty_path: Path) -> None:
    real = plugin(empty_path / "home", "linode")
    real.parent.mkdir(parents=True)
    real.write_bytes(b"\x7fELF")
    lines = install(empty_path / "home", empty_path / "bin", sys.executable)
    assert real.read_bytes() == b"\x7fELF"
    assert f"linode {sdk_version('linode')}: the real plugin is installed, kept" in lines


def test_a_real_language_host_on_the_path_stays_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real" / "pulumi-language-python"
    real.parent.mkdir()
    real.write_bytes(b"\x7fELF")
    real.chmod(0o755)
    monkeypatch.setenv("PATH", str(real.parent))
    lines = install(tmp_path / "home", tmp_path / "bin", sys.executable)
    assert lines[-1] == f"language host: {real} is the real one, kept"
    assert not (tmp_path / "bin").exists()


def test_the_command_line_says_what_it_did(tmp_path: Path) -> None:
    options = ["--home", str(tmp_path / "home"), "--bin", str(tmp_path / "bin")]
    command = [sys.executable, "-m", "rehearsal.plugins.install", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"random {sdk_version('random')}: stand-in" in done.stdout
