"""A machine without plugins, and one with real plugins of chosen versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MakePlugin = Callable[[Path, str, str], Path]


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No plugins, no home and nothing on PATH; gives the home directory."""
    home = tmp_path / "user"
    home.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("HOME", str(home))
    for variable in ("PULUMI_HOME", "FKS_PLUGIN_DIR"):
        monkeypatch.delenv(variable, raising=False)
    return home


@pytest.fixture
def make_plugin() -> MakePlugin:
    """Writes a fake real plugin; returns its directory."""

    def make(plugins: Path, provider: str, version: str) -> Path:
        directory = plugins / f"resource-{provider}-v{version}"
        directory.mkdir(parents=True)
        binary = directory / f"pulumi-resource-{provider}"
        binary.write_bytes(b"\x7fELF")
        binary.chmod(0o755)
        (directory / "PulumiPlugin.yaml").write_text("")
        return directory

    return make
