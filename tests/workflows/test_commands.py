"""Every command line of the workflows is one that exists, with options that it has."""

import re
import shlex
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from fks_infra.cli.app import app as fks
from fks_infra.paths import PROJECT_ROOT
from rehearsal.__main__ import app as rehearsal
from tests.workflows.workflow import JOBS

LINES = [
    pytest.param(line, id=f"{one.name}-{job.name}-{name}")
    for one, job in JOBS
    for name, line in job.commands()
]
APPS = {"fks_infra.cli": fks, "rehearsal": rehearsal}
# Of the runner's shell.
RUNNER = {"printf"}
TARGETS = re.findall(r"^([a-z-]+):", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)


def split(line: str) -> list[str]:
    """Without redirection, and without sudo and variables before the command."""
    found = shlex.split(re.sub(r" >>? \S+$", "", line))
    while found[0] in ("sudo", "env") or re.fullmatch(r"[A-Z_]+=\S*", found[0]):
        found.pop(0)
    return found


def check(line: str) -> None:
    program, *arguments = split(line)
    if program == "make":
        assert set(arguments) <= set(TARGETS), line
    elif program.endswith("python") or program == "python3":
        assert arguments.pop(0) == "-m", line
        check_module(*arguments)
    elif program not in RUNNER:
        assert (PROJECT_ROOT / program).is_file(), line


def check_module(module: str, *arguments: str) -> None:
    if module in APPS:
        # The options are parsed before the help is printed.
        result = CliRunner().invoke(APPS[module], [*arguments, "--help"])
        assert result.exit_code == 0, result.output
    else:
        assert module in ("pip", "pytest", "venv"), module


@pytest.mark.parametrize("line", LINES)
def test_the_command_exists(line: str) -> None:
    check(line)


def files(line: str) -> Iterator[str]:
    yield from re.findall(r"-r (\S+)", line)


@pytest.mark.parametrize("line", LINES)
def test_the_files_it_names_exist(line: str) -> None:
    for name in files(line):
        assert (PROJECT_ROOT / name).is_file(), name


@pytest.mark.parametrize(
    "line",
    [
        "make chek",
        "tools/venvs.sh .venv",
        ".venv/bin/python -m fks_infra.cli github verfy --stack prod",
        ".venv/bin/python -m fks_infra.cli github verify --stac prod",
        "curl https://example.org",
        "python3 -m http.server",
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        check(line)
