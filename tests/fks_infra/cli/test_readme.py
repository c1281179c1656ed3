"""README.md and docs/operations.md name commands, places and settings that exist."""

import re

import yaml
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.config.schema import declared_keys
from fks_infra.paths import PROJECT_ROOT
from host.fks_deploy.paths import Paths

README = (PROJECT_ROOT / "README.md").read_text()
OPERATIONS = (PROJECT_ROOT / "docs" / "operations.md").read_text()
TEXTS = README + OPERATIONS


def test_the_oldest_engine_is_that_of_the_project() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "Pulumi.yaml").read_text())
    oldest = project["requiredPulumiVersion"].removeprefix(">=")
    assert f"({oldest} or newer)" in README


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 110


def test_every_command_has_a_help() -> None:
    named = set(re.findall(r"`fks ([a-z-]+(?: [a-z]+)?)[ `]", TEXTS))
    assert {"init", "doctor", "tailnet policy", "adopt-dns"} <= named
    for command in named:
        result = CliRunner().invoke(app, [*command.split(), "--help"])
        assert result.exit_code == 0, command


def test_every_setting_exists() -> None:
    assert set(re.findall(r"fks:([a-zA-Z0-9]+)", TEXTS)) <= set(declared_keys())


def test_the_logs_are_where_a_deploy_writes_them() -> None:
    for place in (Paths().log, Paths().journal):
        assert f"`{place}`" in OPERATIONS


def test_the_doctor_comes_before_a_new_server() -> None:
    text = OPERATIONS.partition("## Something does not answer")[2].partition("\n## ")[0]
    order = [text.index(step) for step in ("fks doctor", "pulumi up", "A new server")]
    assert order == sorted(order)
