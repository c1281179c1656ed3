"""The page of all commands, and the examples in their help."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.documents.commands import commands_of, commands_page

COMMANDS = dict(commands_of(get_command(app)))
# In the last paragraph of a help, to its end
EXAMPLES = [
    (name, " ".join(found[1].split()))
    for name, command in COMMANDS.items()
    if (found := re.search(r"Example: (.*)", command.help or "", re.DOTALL))
]


def test_each_command_has_a_row_and_a_section() -> None:
    page = commands_page()
    for name in COMMANDS:
        anchor = name.replace(" ", "-")
        assert f"\n| [{name}](#{anchor}) |" in page
        assert f"\n## {name}\n" in page
    assert "| `--since <str>` |" in page.partition("## fks logs")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_no_line_that_a_narrow_terminal_cuts(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split()[1:], "--help"], env={"COLUMNS": "60"})
    assert shown.exit_code == 0
    assert all(len(line) <= 60 for line in shown.output.splitlines())
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown.output


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_a_call_of_its_command(name: str, example: str) -> None:
    words = shlex.split(example)
    known = name.split()
    assert words[: len(known)] == known, example
    command = COMMANDS[name]
    context = command.make_context(name, words[len(known) :], resilient_parsing=False)
    assert context.params


def test_most_commands_have_an_example() -> None:
    assert len(EXAMPLES) >= 15
