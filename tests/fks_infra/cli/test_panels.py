"""The groups of commands in `fks --help`."""

import pytest
from typer import Typer
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.cli.panels import PANELS, arrange, commands


def test_each_command_is_in_one_panel() -> None:
    named = [name for names in PANELS.values() for name in names]
    assert sorted(named) == sorted(name for name, _ in commands(app))


def test_the_help_shows_the_panels_in_their_order() -> None:
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output
    places = [text.index(f" {panel} ") for panel in PANELS]
    assert places == sorted(places)
    assert text.index(" status ") < text.index(" Change the servers ") < text.index(" deploy ")


def test_a_command_without_a_panel_is_an_error() -> None:
    other = Typer()
    other.command("juggle")(lambda: None)
    with pytest.raises(ValueError, match="fks juggle has no panel"):
        arrange(other)
