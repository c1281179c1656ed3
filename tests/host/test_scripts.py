"""The shell on servers: linted with every rule on, and of one shape."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
STEPS = sorted((HOST / "bootstrap.d").glob("*.sh"))
SCRIPTS = [HOST / "bootstrap.sh", HOST / "join.sh", *sorted((HOST / "lib").glob("*.sh")), *STEPS]


def test_shellcheck_finds_nothing_and_no_rule_is_off() -> None:
    done = subprocess.run(
        ["shellcheck", *map(str, SCRIPTS)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == ""
    assert not any("shellcheck disable" in script.read_text() for script in SCRIPTS)


@pytest.mark.parametrize(
    "script", [s for s in SCRIPTS if s.name != "steps.sh"], ids=lambda s: s.name
)
def test_every_script_is_executable_strict_and_says_what_it_is_for(script: Path) -> None:
    lines = script.read_text().splitlines()
    assert script.stat().st_mode & 0o111 == 0o111
    assert lines[0] == "#!/bin/bash" and lines[1].startswith("# ")
    assert "set -euo pipefail" in lines


def test_the_first_steps_only_check() -> None:
    changing = re.compile(r"install_file|write_file|directory |apt_get|systemctl|changed")
    assert len([step for step in STEPS if step.name < "30"]) >= 4
    for step in STEPS:
        if step.name < "30":
            assert not changing.search(step.read_text()), f"{step.name} changes something"


def test_every_installed_file_exists_and_every_file_is_installed() -> None:
    text = "".join(step.read_text() for step in STEPS)
    named = set(re.findall(r"install_file (/\S+)", text))
    files = {
        f"/{path.relative_to(HOST / 'files')}"
        for path in (HOST / "files").rglob("*")
        if path.is_file()
    }
    assert named == files


def test_units_that_touch_the_kernel_stay_out_of_containers() -> None:
    for unit in (HOST / "files/etc/systemd/system").glob("fks-*.service"):
        if re.search("sysctl|zram", unit.read_text()):
            assert "ConditionVirtualization=!container" in unit.read_text()


def test_settings_of_the_whole_kernel_are_only_in_the_conditional_file() -> None:
    settings = (HOST / "files/etc/sysctl.d/60-fks.conf").read_text().splitlines()
    assert all(line.startswith(("#", "net.")) for line in settings)


def test_the_engine_publishes_on_loopback_and_caps_its_logs() -> None:
    daemon = json.loads((HOST / "files/etc/docker/daemon.json").read_text())
    assert daemon["ip"] == "127.0.0.1"
    assert daemon["live-restore"] is True
    assert set(daemon["log-opts"]) == {"max-size", "max-file"}
    assert all(isinstance(value, str) for value in daemon["log-opts"].values())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--server", "api"], "--roles is ''"),
        (["--server", "API", "--roles", "api", "--swap-mib", "0"], "--server is 'API'"),
        (["--server", "api", "--roles", "api,db", "--swap-mib", "0"], "--roles is 'api,db'"),
        (["--server", "api", "--roles", "api", "--swap-mib", "1G"], "--swap-mib is '1G'"),
        (["--roles", "--server"], "--roles needs a value"),
        (["--colour"], "unknown option --colour"),
    ],
)
def test_wrong_options_of_the_bootstrap_are_refused(options: list[str], said: str) -> None:
    words = [str(HOST / "bootstrap.sh"), *options]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("name", ["bootstrap.sh", "join.sh", "bin/deploy"])
def test_help_is_there(name: str) -> None:
    done = subprocess.run([str(HOST / name), "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")
