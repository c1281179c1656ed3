"""The CLI runs a program with the stand-in of the language host."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.contract.harness import STACK, Engine

pytestmark = pytest.mark.contract

PROGRAM = """
import os, sys
import pulumi
import helper

config = pulumi.Config()
print("running in", os.getcwd(), "with", sys.path[0])
helper.count += 1
pulumi.export("count", helper.count)
pulumi.export("greeting", config.require("greeting"))
pulumi.export("password", config.require_secret("password"))
pulumi.export("preview", pulumi.runtime.is_dry_run())
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with the stand-in of the language host on PATH."""
    return Engine.create(tmp_path_factory.mktemp("engine"))


class Project:
    """A project with the stack of the harness, run by the CLI."""

    def __init__(self, engine: Engine, name: str, text: str) -> None:
        self.engine = engine
        self.directory = engine.stack(name).directory
        (self.directory / "__main__.py").write_text(text)
        (self.directory / "helper.py").write_text("count = 0\n")

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = {"PATH": f"{self.engine.directory}/bin:/usr/bin:/bin"}
        return self.engine.call(self.directory, [*arguments, "--stack", STACK], path, timeout=60)


@pytest.fixture(scope="module")
def up(engine: Engine) -> tuple[Project, str]:
    """A program after its preview and its update."""
    project = Project(engine, "program", PROGRAM)
    project.pulumi("config", "set", "greeting", "hello").check_returncode()
    secret = ("config", "set", "password", "canary", "--secret")
    project.pulumi(*secret).check_returncode()
    done = project.pulumi("up", "--yes")
    assert done.returncode == 0, done.stdout
    return project, done.stdout


def test_the_program_runs_in_its_directory_with_its_modules(up: tuple[Project, str]) -> None:
    project, output = up
    assert f"running in {project.directory} with {project.directory}" in output


def test_the_update_does_not_share_modules_with_the_preview(up: tuple[Project, str]) -> None:
    project, _ = up
    assert project.pulumi("stack", "output", "count").stdout.strip() == "1"
    assert project.pulumi("stack", "output", "preview").stdout.strip() == "false"


def test_the_program_gets_its_config_and_secrets_stay_secret(up: tuple[Project, str]) -> None:
    project, output = up
    assert "hello" in output
    assert "canary" not in output
    assert project.pulumi("stack", "output", "password").stdout.strip() == "[secret]"


def test_a_run_error_is_shown_as_its_text(engine: Engine) -> None:
    text = "import pulumi\nraise pulumi.RunError('fks:mode is tripple: write multi or single')\n"
    done = Project(engine, "run-error", text).pulumi("preview")
    assert done.returncode != 0
    assert "error: fks:mode is tripple: write multi or single" in done.stdout
    assert "Traceback" not in done.stdout


def test_other_exceptions_are_shown_with_the_programs_frames_only(engine: Engine) -> None:
    done = Project(engine, "exception", "def f():\n    1 / 0\n\nf()\n").pulumi("preview")
    assert done.returncode != 0
    assert "ZeroDivisionError: division by zero" in done.stdout
    frames = [line for line in done.stdout.splitlines() if line.strip().startswith("File ")]
    assert frames
    assert all("__main__.py" in frame for frame in frames)


def test_a_missing_program_is_an_error(engine: Engine) -> None:
    project = Project(engine, "missing", "")
    Path(project.directory / "__main__.py").unlink()
    done = project.pulumi("preview")
    assert done.returncode != 0
    assert "__main__" in done.stdout


def test_the_engine_gets_the_plugins_that_the_sdks_need(engine: Engine) -> None:
    text = "import pulumi_random\npulumi_random.RandomPassword('p', length=8)\n"
    done = Project(engine, "packages", text).pulumi("up", "--yes")
    assert done.returncode == 0, done.stdout
    assert "+ 2 created" in done.stdout
