"""Every result of `fks impact` is a text; an unknown impact is one with the reason."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from fks_infra.delivery import impact
from fks_infra.delivery.impact import Impact


def rest_file(command: list[str]) -> Path:
    return Path(command[command.index("--rest") + 1])


def answered(
    monkeypatch: pytest.MonkeyPatch, code: int, stdout: str = "", stderr: str = ""
) -> list[list[str]]:
    """Replace `fks impact`; the commands that were run."""
    commands = []

    def run(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        commands.append(command)
        rest_file(command).write_text("| the rest |\n")
        return subprocess.CompletedProcess(command, code, stdout, stderr)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


@pytest.mark.parametrize("code", [0, 10, 11, 12])
def test_a_result_is_its_markdown(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    commands = answered(monkeypatch, code, "**api restarts**\n", "progress")
    found = impact.impact("abc", "prod", engine=True)
    assert found == Impact(text="**api restarts**\n", code=code, rest="| the rest |\n")
    options = ["impact", "--base", "abc", "--stack", "prod", "--markdown", "--rest"]
    assert commands[0][3:-2] == options
    assert commands[0][-1] == "--engine"
    assert not rest_file(commands[0]).exists()


@pytest.mark.parametrize("code", [1, 2, 137])
def test_an_error_is_a_text_with_the_reason(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    answered(monkeypatch, code, "half a table", "The base is not in this clone. ```Fetch``` it.\n")
    found = impact.impact("abc", "prod", engine=False)
    assert found.code == 2
    assert found.text.startswith("**The impact is unknown.**")
    assert "```\nThe base is not in this clone. '''Fetch''' it.\n```" in found.text
    assert "half a table" not in found.text


def test_a_silent_end_has_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, 137)
    assert "fks impact ended with 137" in impact.impact("abc", "prod", engine=False).text


def test_a_command_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("fks impact", 900)

    monkeypatch.setattr(subprocess, "run", run)
    found = impact.impact("abc", "prod", engine=False)
    assert (found.code, "timed out after 900 seconds" in found.text) == (2, True)
