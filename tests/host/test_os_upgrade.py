"""Upgrades of the operating system, with a stand-in shell."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import os_upgrade
from host.fks_deploy.errors import DeployError
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import CommandFailedError, Shell

PLAN = """\
Inst docker.io [26.1.5] (27.0.1 Debian:13.2/stable [amd64])
Inst linux-image-6.12.60+deb13-amd64 (6.12.60-1 Debian:13.2/stable [amd64])
Conf docker.io (27.0.1 Debian:13.2/stable [amd64])
"""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Outputs by the last words of a command, and under "run" the commands that were run."""
    found: dict[str, Any] = {"--just-print dist-upgrade": PLAN, "run": []}

    def run(_: Shell, command: Sequence[str], **__: object) -> str:
        text = " ".join(command)
        found["run"].append(text)
        output = next((out for end, out in found.items() if text.endswith(end)), "")
        if isinstance(output, Exception):
            raise output
        return str(output)

    monkeypatch.setattr(Shell, "run", run)
    return found


def outputs(paths: Paths) -> Output:
    return Output(paths.upgrade_log, Redactor(()))


def test_a_check_lists_what_would_change(tmp_path: Path, commands: dict[str, Any]) -> None:
    commands["${Package}\\n"] = "installed curl\nhalf-configured nftables\n"
    (tmp_path / "run").mkdir()
    (tmp_path / "run/reboot-required").touch()
    found = os_upgrade.check(Paths(tmp_path), Shell(outputs(Paths(tmp_path))))
    assert [one["package"] for one in found["packages"]] == [
        "docker.io",
        "linux-image-6.12.60+deb13-amd64",
    ]
    assert [one["installed"] for one in found["packages"]] == ["26.1.5", None]
    assert (found["engine"], found["unconfigured"]) == (True, ["nftables"])
    assert found["reboot"] == ["/run/reboot-required exists"]


def test_everything_is_upgraded_and_in_the_journal(
    tmp_path: Path, commands: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = Paths(tmp_path)
    os_upgrade.apply(paths, outputs(paths), "ann")
    assert commands["run"][-1].endswith("--force-confold dist-upgrade")
    (line,) = paths.journal.read_text().splitlines()
    assert json.loads(line)["kind"] == "upgrade-os"
    assert "docker.io, linux-image" in json.loads(line)["text"]
    assert "upgrade 2 packages: docker.io" in capsys.readouterr().out


def test_an_interrupted_installation_is_completed_first(
    tmp_path: Path, commands: dict[str, Any]
) -> None:
    commands["${Package}\\n"] = "unpacked curl\n"
    os_upgrade.apply(Paths(tmp_path), outputs(Paths(tmp_path)), "ann")
    shown = [one.split(" ")[-2:] for one in commands["run"]]
    assert shown[1:3] == [["--configure", "--pending"], ["--fix-broken", "install"]]


def test_nothing_to_do_runs_no_upgrade(tmp_path: Path, commands: dict[str, Any]) -> None:
    commands["--just-print dist-upgrade"] = "Reading package lists...\n"
    os_upgrade.apply(Paths(tmp_path), outputs(Paths(tmp_path)), "ann")
    assert [one for one in commands["run"] if one.endswith("--force-confold dist-upgrade")] == []


def test_a_failure_is_not_in_the_journal(tmp_path: Path, commands: dict[str, Any]) -> None:
    commands["--force-confold dist-upgrade"] = CommandFailedError("apt-get exited with 100")
    with pytest.raises(DeployError, match="exited with 100"):
        os_upgrade.apply(Paths(tmp_path), outputs(Paths(tmp_path)), "ann")
    assert not Paths(tmp_path).journal.exists()


def test_without_space_nothing_is_begun(
    tmp_path: Path, commands: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os_upgrade, "_NEEDED", 1 << 60)
    with pytest.raises(DeployError, match=r"No space left on device.* MiB needed"):
        os_upgrade.apply(Paths(tmp_path), outputs(Paths(tmp_path)), "ann")
    assert commands["run"] == []
