"""The groups of commands in `fks --help`, and the paragraphs of each one's text."""

import pytest
from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.cli.panels import PANELS, arrange, commands, paragraphs
from fks_infra.documents.commands import commands_of


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


def test_a_text_has_a_line_for_each_paragraph() -> None:
    text = "Do it.\n\nOne line\nand another. Exit code: 0,\n1 not. Example: fks do\nit"
    assert paragraphs(text).split("\n\n") == [
        "Do it.",
        "One line and another.",
        "Exit code: 0, 1 not.",
        "Example: fks do it",
    ]


def test_the_terminal_breaks_the_lines_of_every_command() -> None:
    found = [(name, command.help) for name, command in commands_of(get_command(app))]
    assert len(found) > 40
    assert [name for name, text in found if "\n" in (text or "").replace("\n\n", "")] == []
