"""`fks up`, and the scripts of scripts/deployment, pass on to a pulumi that records its calls."""

import subprocess
import sys
from pathlib import Path

import pytest

from fks_infra.paths import PROJECT_ROOT

SCRIPTS = PROJECT_ROOT / "scripts" / "deployment"
MACHINE = "--target **fks:infra:ApiServer::api --target **fks:infra:ApiServer$fks:infra:Machine**"
PARTS = {
    "provision-server.sh": "fks:infra:Machine",
    "setup-server.sh": "fks:infra:Bootstrap",
    "deploy-services.sh": "fks:infra:ComposeStack",
}


@pytest.fixture
def calls(pulumi: Path) -> Path:
    """The file with pulumi's calls; `fks` is on the PATH."""
    fks = pulumi / "bin" / "fks"
    fks.write_text(f"#!{sys.executable}\nfrom fks_infra.cli.app import main\nmain()\n")
    fks.chmod(0o755)
    return pulumi / "calls"


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PYTHONPATH": str(PROJECT_ROOT)}
    return subprocess.run(
        ["env", *(f"{key}={value}" for key, value in environment.items()), *command],
        capture_output=True,
        text=True,
        check=False,
    )


def test_other_options_are_pulumis_own(calls: Path) -> None:
    done = run("fks", "up", "api", "--part", "machine", "--stack", "prod", "--yes", "--refresh")
    assert done.returncode == 0, done.stderr
    last = calls.read_text().splitlines()[-1]
    assert last.startswith(f"up --stack prod {MACHINE}")
    assert last.endswith(" --yes --refresh")


def test_the_whole_stack_has_no_target(calls: Path) -> None:
    assert run("fks", "up", "all").returncode == 0
    assert calls.read_text().splitlines()[-1] == "up"


def test_an_unknown_server_runs_nothing(calls: Path) -> None:
    done = run("fks", "up", "ath", "--yes")
    assert done.returncode == 1
    assert "SERVER is 'ath'" in done.stderr
    assert "up" not in calls.read_text().split()


@pytest.mark.parametrize("name", PARTS)
def test_a_script_runs_its_part(calls: Path, name: str) -> None:
    done = run(str(SCRIPTS / name), "api", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"ApiServer${PARTS[name]}**" in calls.read_text()


@pytest.mark.parametrize("name", PARTS)
def test_a_script_has_a_help_and_three_lines(calls: Path, name: str) -> None:
    done = run(str(SCRIPTS / name), "--help")
    assert done.returncode == 0
    assert "Run pulumi up for one server" in done.stdout
    assert len((SCRIPTS / name).read_text().splitlines()) <= 4
    assert not calls.exists()


@pytest.mark.parametrize("name", PARTS)
def test_a_script_without_a_server_prints_the_usage(calls: Path, name: str) -> None:
    done = run(str(SCRIPTS / name))
    assert done.returncode == 2
    assert "Missing argument 'SERVER'" in done.stderr
    assert not calls.exists()
