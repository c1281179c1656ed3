"""Real plugins are found in the SDKs' versions only, and stand-ins are not real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.plugins.discovery import Plugin, find, sdk_version
from rehearsal.plugins.install import launcher
from tests.rehearsal.plugins.conftest import MakePlugin

pytestmark = pytest.mark.usefixtures("bare_machine")

VERSION = sdk_version("linode")


def binary(directory: Path) -> str:
    return str(directory / "pulumi-resource-linode")


def test_a_machine_without_plugins_has_none() -> None:
    plugin = find("linode")
    assert plugin == Plugin(provider="linode", version=VERSION, kind="stand-in")


def test_the_directories_are_searched_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bare_machine: Path, make_plugin: MakePlugin
) -> None:
    usual = make_plugin(bare_machine / ".pulumi" / "plugins", "linode", VERSION)
    assert find("linode").path == binary(usual)

    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    callers = make_plugin(tmp_path / "pulumi" / "plugins", "linode", VERSION)
    assert find("linode").path == binary(callers)

    monkeypatch.setenv("FKS_PLUGIN_DIR", str(tmp_path / "given"))
    given = make_plugin(tmp_path / "given", "linode", VERSION)
    assert find("linode").path == binary(given)
    assert find("linode").kind == "real"


def test_another_version_is_named(bare_machine: Path, make_plugin: MakePlugin) -> None:
    other = make_plugin(bare_machine / ".pulumi" / "plugins", "linode", "0.0.1")
    plugin = find("linode")
    assert plugin.kind == "stand-in"
    assert plugin.note == f"found {binary(other)}, but the SDK needs version {VERSION}"


def test_another_provider_with_the_same_beginning_is_not_found(
    bare_machine: Path, make_plugin: MakePlugin
) -> None:
    make_plugin(bare_machine / ".pulumi" / "plugins", "linode-vpc", VERSION)
    assert find("linode").kind == "stand-in"


def test_a_stand_in_is_not_real(bare_machine: Path, make_plugin: MakePlugin) -> None:
    directory = make_plugin(bare_machine / ".pulumi" / "plugins", "linode", VERSION)
    (directory / "pulumi-resource-linode").write_text(launcher("/python", "module"))
    assert find("linode").kind == "stand-in"


def test_an_interrupted_installation_is_not_real(
    bare_machine: Path, make_plugin: MakePlugin
) -> None:
    directory = make_plugin(bare_machine / ".pulumi" / "plugins", "linode", VERSION)
    directory.with_name(f"{directory.name}.partial").touch()
    assert find("linode").kind == "stand-in"


def test_a_file_that_cannot_be_executed_is_not_real(
    bare_machine: Path, make_plugin: MakePlugin
) -> None:
    directory = make_plugin(bare_machine / ".pulumi" / "plugins", "linode", VERSION)
    (directory / "pulumi-resource-linode").chmod(0o644)
    assert find("linode").kind == "stand-in"


def test_a_missing_sdk_ends_with_the_remedy() -> None:
    with pytest.raises(SystemExit, match="pulumi-nope is not installed: run tools"):
        sdk_version("nope")
