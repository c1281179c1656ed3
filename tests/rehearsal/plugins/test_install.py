"""Real plugins are linked, stand-ins are written for the others, and both are reported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.plugins.discovery import PROVIDERS, Plugin, sdk_version
from rehearsal.plugins.install import LANGUAGE_HOST, install, launcher, stage
from tests.rehearsal.plugins.conftest import MakePlugin

pytestmark = pytest.mark.usefixtures("bare_machine")


def installed(directory: Path, python: str = sys.executable) -> dict[str, Plugin]:
    found = install(directory / "home", directory / "bin", python)
    return {item.provider: item for item in found}


def binary(directory: Path, provider: str) -> Path:
    """The path at which the engine expects a plugin."""
    name = f"resource-{provider}-v{sdk_version(provider)}"
    return directory / "home" / "plugins" / name / f"pulumi-resource-{provider}"


def given(monkeypatch: pytest.MonkeyPatch, directory: Path) -> Path:
    """Use a directory as FKS_PLUGIN_DIR."""
    monkeypatch.setenv("FKS_PLUGIN_DIR", str(directory))
    return directory


def test_every_provider_and_the_language_host_get_a_launcher(tmp_path: Path) -> None:
    found = installed(tmp_path)
    assert list(found) == [*PROVIDERS, LANGUAGE_HOST]
    assert {item.kind for item in found.values()} == {"stand-in"}
    for name in PROVIDERS:
        assert found[name].path == str(binary(tmp_path, name))
        assert found[name].version == sdk_version(name)
    assert all(os.access(item.path, os.X_OK) for item in found.values())


def test_a_second_installation_replaces_the_first(tmp_path: Path) -> None:
    installed(tmp_path, "/old/python")
    installed(tmp_path)
    assert f"exec {sys.executable} " in binary(tmp_path, "command").read_text()


@pytest.mark.parametrize("name", ["my python", "pythön", "it's", "$HOME", "x" * 200])
def test_a_launcher_runs_an_interpreter_of_any_name(tmp_path: Path, name: str) -> None:
    python = tmp_path / name / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    script = tmp_path / "started"
    script.write_bytes(os.fsencode(launcher(str(python), "tests.rehearsal.plugins.started", "x")))
    script.chmod(0o755)
    command = [str(script), "127.0.0.1:1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"x: {command}\n"


def test_a_real_plugin_is_linked_and_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plugin: MakePlugin
) -> None:
    plugins = given(monkeypatch, tmp_path / "given")
    real = make_plugin(plugins, "linode", sdk_version("linode"))
    installed(tmp_path)
    found = installed(tmp_path)
    assert found["linode"].kind == "real"
    assert found["random"].kind == "stand-in"
    path = binary(tmp_path, "linode")
    assert path.resolve() == real / path.name
    assert (path.parent / "PulumiPlugin.yaml").exists()
    assert path.read_bytes() == b"\x7fELF"
    # A link to the directory itself would be ignored by the engine.
    assert not path.parent.is_symlink()


def test_a_stand_in_replaces_a_real_plugin_that_is_not_there_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plugin: MakePlugin
) -> None:
    plugins = given(monkeypatch, tmp_path / "given")
    real = make_plugin(plugins, "linode", sdk_version("linode"))
    installed(tmp_path)
    monkeypatch.delenv("FKS_PLUGIN_DIR")
    assert installed(tmp_path)["linode"].kind == "stand-in"
    assert (real / "pulumi-resource-linode").read_bytes() == b"\x7fELF"


def test_a_real_plugin_in_the_home_itself_stays(tmp_path: Path, make_plugin: MakePlugin) -> None:
    make_plugin(tmp_path / "home" / "plugins", "linode", sdk_version("linode"))
    assert installed(tmp_path)["linode"].kind == "real"
    assert binary(tmp_path, "linode").read_bytes() == b"\x7fELF"


def test_a_link_of_an_earlier_installation_is_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plugin: MakePlugin
) -> None:
    make_plugin(given(monkeypatch, tmp_path / "given"), "linode", sdk_version("linode"))
    installed(tmp_path)
    monkeypatch.delenv("FKS_PLUGIN_DIR")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    assert installed(tmp_path)["linode"].kind == "real"
    assert binary(tmp_path, "linode").read_bytes() == b"\x7fELF"


def test_another_version_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plugin: MakePlugin
) -> None:
    other = make_plugin(given(monkeypatch, tmp_path / "given"), "linode", "0.0.1")
    needed = sdk_version("linode")
    note = f"found {other}/pulumi-resource-linode, but the SDK needs version {needed}"
    assert str(installed(tmp_path)["linode"]) == f"linode {needed}: stand-in ({note})"


def test_a_real_language_host_on_the_path_stays_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real" / LANGUAGE_HOST
    real.parent.mkdir()
    real.write_bytes(b"\x7fELF")
    real.chmod(0o755)
    monkeypatch.setenv("PATH", str(real.parent))
    found = installed(tmp_path)[LANGUAGE_HOST]
    assert (found.kind, found.path) == ("real", str(real))
    assert not (tmp_path / "bin").exists()


def test_a_staged_directory_serves_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plugin: MakePlugin
) -> None:
    plugins = given(monkeypatch, tmp_path / "given")
    make_plugin(plugins, "linode", sdk_version("linode"))
    make_plugin(plugins, "random", "0.0.1")
    stage(tmp_path / "staged")
    stage(tmp_path / "staged")
    given(monkeypatch, tmp_path / "staged")
    found = installed(tmp_path)
    assert {name for name, item in found.items() if item.kind == "real"} == {"linode"}
    assert not (tmp_path / "staged" / "resource-random-v0.0.1").exists()


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_line_reports_each_plugin(tmp_path: Path, as_json: bool) -> None:
    options = ["--home", str(tmp_path / "home"), "--bin", str(tmp_path / "bin")]
    options += ["--json"] if as_json else []
    command = [sys.executable, "-m", "rehearsal.plugins.install", *options]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if not as_json:
        assert f"random {sdk_version('random')}: stand-in" in output.splitlines()
        return
    rows = {row["provider"]: row for row in json.loads(output)}
    assert rows["random"] == {
        "provider": "random",
        "version": sdk_version("random"),
        "kind": "stand-in",
        "path": str(binary(tmp_path, "random")),
        "note": "",
    }
