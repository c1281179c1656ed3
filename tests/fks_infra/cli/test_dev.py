"""`--dev`: options, errors with their remedy, and what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.dev import compose, place, stack
from fks_infra.dev.compose import Compose
from fks_infra.dev.stack import Options
from fks_infra.errors import OperatorError

DOMAINS = {"web": "fks.localhost", "api": "api.fks.localhost", "auth": "auth.fks.localhost"}


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the stack, whose files are below a root of the test."""
    found: list[Any] = []

    def start(root: Path, options: Options, engine: int, report: Any) -> dict[str, str]:
        assert (root, engine) == (tmp_path, 26)
        report("pull image 1 of 1: redis")
        found.append(options)
        return DOMAINS

    def logs(_: Compose, *options: str) -> Iterator[str]:
        found.append(options)
        yield "api-1 | password=canary-7c1d\n"

    monkeypatch.setattr(place, "ROOT", tmp_path)
    monkeypatch.setattr(compose, "check", lambda: 26)
    monkeypatch.setattr(stack, "start", start)
    monkeypatch.setattr(Compose, "down", lambda _, **options: found.append(options))
    monkeypatch.setattr(Compose, "logs", logs)
    return found


def run(*command: str, text: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "60"}).invoke(app, command, input=text)


def words(result: Result) -> str:
    return " ".join(result.output.replace("│", " ").split())


def test_start_shows_progress_pages_and_the_next_commands(calls: list[Any], tmp_path: Path) -> None:
    result = run("start", "--dev", "--minimal", "--source", f"api={tmp_path}")
    assert result.exit_code == 0, result.output
    assert calls == [Options(minimal=True, sources={"api": tmp_path.resolve()})]
    for text in (*(f"https://{name}" for name in DOMAINS.values()), "pull image 1 of 1", "akadmin"):
        assert text in result.output


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--source", "api", "write api=PATH or web=PATH"),
        ("--source", "redis=/tmp", "write api=PATH or web=PATH"),
        ("--source", "api=/no/such/path", "/no/such/path is no directory"),
        ("--image", "apy=x", "write SERVICE=IMAGE; api, api-2"),
        ("--image", "api=A:B", "write an image, as ghcr.io/name/image:tag"),
    ],
)
def test_a_wrong_option_names_what_to_write(
    calls: list[Any], option: str, value: str, message: str
) -> None:
    result = run("start", "--dev", option, value)
    assert (result.exit_code, calls) == (2, [])
    assert message in words(result)


@pytest.mark.parametrize("command", [["start", "--dev", "--api"], ["stop", "--dev", "--force"]])
def test_options_for_servers_are_refused(calls: list[Any], command: list[str]) -> None:
    result = run(*command)
    assert (result.exit_code, calls) == (2, [])
    assert "--dev is the stack on this machine" in words(result)


def test_source_without_dev_is_refused(calls: list[Any]) -> None:
    result = run("start", "--source", "api=/tmp")
    assert (result.exit_code, calls) == (2, [])
    assert "need --dev" in words(result)


def test_stop_keeps_the_data(calls: list[Any], tmp_path: Path) -> None:
    place.release(tmp_path).mkdir()
    result = run("stop", "--dev")
    assert (result.exit_code, calls) == (0, [{"volumes": False}])
    assert "its data is in named volumes" in result.output


@pytest.mark.parametrize(("text", "code", "expected"), [("n\n", 2, []), ("y\n", 0, [True])])
def test_a_cleanup_asks(
    calls: list[Any], tmp_path: Path, text: str, code: int, expected: list[bool]
) -> None:
    place.release(tmp_path).mkdir()
    result = run("stop", "--dev", "--cleanup-all", text=text)
    assert result.exit_code == code
    assert calls == [{"volumes": volumes} for volumes in expected]


def test_what_was_not_started_is_said(calls: list[Any]) -> None:
    assert "was not started on this machine" in run("stop", "--dev").output
    result = run("logs", "--dev")
    assert (result.exit_code, calls) == (2, [])
    assert "Next: fks start --dev" in result.output


def test_logs_are_masked(calls: list[Any], tmp_path: Path) -> None:
    place.release(tmp_path).mkdir()
    secret = tmp_path / "etc/fks/secrets/api/POSTGRES_PASSWORD"
    secret.parent.mkdir(parents=True)
    secret.write_text("canary-7c1d")
    result = run("logs", "--dev", "api", "--since", "5m")
    assert (result.exit_code, result.output) == (0, "api-1 | password=***\n")
    assert calls == [("--timestamps", "--since", "5m", "api")]


def test_without_docker_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> int:
        raise OperatorError("no Docker engine answers: x\nNext: start Docker, or set DOCKER_HOST")

    monkeypatch.setattr(compose, "check", missing)
    result = run("start", "--dev")
    assert result.exit_code == 2
    assert "Next: start Docker, or set DOCKER_HOST" in result.output
