"""All shell scripts of host/: shellcheck with every rule, and a common form."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
STEPS = sorted((HOST / "bootstrap.d").glob("*.sh"))
SINGLE = [HOST / "bootstrap.sh", HOST / "join.sh", HOST / "bin/reload-edge"]
SCRIPTS = [*SINGLE, *sorted((HOST / "lib").glob("*.sh")), *STEPS]
SOURCED = (HOST / "lib/steps.sh", HOST / "lib/packages.sh")


def test_shellcheck_reports_nothing_and_no_rule_is_disabled() -> None:
    command = ["shellcheck", *map(str, SCRIPTS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "")
    assert not any("shellcheck disable" in script.read_text() for script in SCRIPTS)


@pytest.mark.parametrize(
    "script", [script for script in SCRIPTS if script not in SOURCED], ids=lambda s: s.name
)
def test_every_script_is_executable_strict_and_has_a_description(script: Path) -> None:
    lines = script.read_text().splitlines()
    assert script.stat().st_mode & 0o111 == 0o111
    assert lines[0] == "#!/bin/bash" and lines[1].startswith("# ")
    assert "set -euo pipefail" in lines


def test_the_steps_before_30_only_check() -> None:
    changing = re.compile(r"(install|write)_file|directory |apt_get|systemctl|_unit|correct")
    checks = [step for step in STEPS if step.name < "30"]
    assert checks
    for step in checks:
        assert not changing.search(step.read_text()), f"{step.name} changes something"


def test_the_readme_has_a_line_for_each_program() -> None:
    text = (HOST / "README.md").read_text()
    rows = set(re.findall(r"^\| `(bin/\S+)` \|", text, re.MULTILINE))
    assert rows == {f"bin/{program.name}" for program in (HOST / "bin").iterdir()}


@pytest.mark.parametrize("name", ["bootstrap.sh", "join.sh", "bin/deploy"])
def test_help_prints_the_usage(name: str) -> None:
    done = subprocess.run([str(HOST / name), "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")


def test_no_step_decides_by_what_it_changed_itself() -> None:
    """An earlier run may have changed the same file and ended before its next command."""
    for step in STEPS:
        text = step.read_text()
        assert "FKS_CHANGES" not in text, step.name
        assert not re.search(r"systemctl( --\S+)* (enable|start)\b", text), step.name
