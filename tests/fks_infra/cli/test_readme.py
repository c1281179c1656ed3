"""The README names commands and paths that exist."""

import re

from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.config.schema import PROJECT_ROOT, declared_keys
from host.fks_deploy.paths import Paths

README = (PROJECT_ROOT / "README.md").read_text()


def section(title: str) -> str:
    """The text below a heading."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_command_it_names_has_a_help() -> None:
    named = set(re.findall(r"^fks ([a-z-]+(?: [a-z]+)?)(?: |$)", README, re.MULTILINE))
    named |= set(re.findall(r"`fks ([a-z-]+(?: [a-z]+)?)[ `]", README))
    assert {"init", "doctor", "tailnet policy", "config-table"} <= named
    for command in named:
        result = CliRunner().invoke(app, [*command.split(), "--help"])
        assert result.exit_code == 0, command


def test_the_first_night_begins_with_the_doctor_and_ends_with_a_new_server() -> None:
    text = section("At 3 a.m.")
    order = [text.index(command) for command in ("fks doctor", "pulumi up", "fks:generation")]
    assert order == sorted(order)
    for place in (Paths().log, Paths().journal):
        assert f"`{place}`" in text
    assert set(re.findall(r"fks:([a-zA-Z]+)", text)) <= set(declared_keys())
