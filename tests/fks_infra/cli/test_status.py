"""`fks status`: what it prints, and its three exit codes."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.reports import STATUS, Reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.reports import DISK, GONE, healthy
from tests.fks_infra.operate.test_page import with_day

HEALTHY: Reports = {name: healthy(name) for name in ("auth", "api", "web")}
LONG = "sudo docker logs " + "x" * 200


def server(name: str) -> DeployedServer:
    return DeployedServer(name=name, roles=(name,), instance_id="7", address="100.64.0.2")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reports], None]:
    """Set what the servers report."""
    stack = DeployedStack(name="prod", servers=tuple(map(server, HEALTHY)), deploy_key="canary-key")
    monkeypatch.setattr(deployed_stack, "read", lambda _: stack)

    def use(found: Reports) -> None:
        def read(_: str, servers: Any, key: Any, program: Any = STATUS) -> Reports:
            assert ("day" in program.keys) == any("day" in one for one in documents(found))
            assert key.read_text() == "canary-key\n"
            return {one.name: found[one.name] for one in servers}

        monkeypatch.setattr(reports, "read", read)

    return use


def documents(found: Reports) -> list[Any]:
    return [one for one in found.values() if not isinstance(one, Unreachable)]


Use = Callable[[Reports], None]


def run(*options: str, **environ: str) -> Result:
    return CliRunner(env={"COLUMNS": "80", **environ}).invoke(app, ["status", *options])


def test_healthy_servers_end_with_0(found: Use) -> None:
    found(HEALTHY)
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0] == "all 3 servers are healthy"


def test_a_problem_ends_with_1_and_its_command_stays_on_one_line(found: Use) -> None:
    found({**HEALTHY, "api": healthy("api", problems=[{**DISK, "command": LONG}])})
    result = run()
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "api: 1 problem"
    assert f"  next: {LONG}" in result.stdout.splitlines()


def test_a_server_that_was_not_reached_is_a_problem_and_the_others_are_shown(found: Use) -> None:
    found({**HEALTHY, "auth": GONE})
    result = run()
    assert result.exit_code == 1
    assert "not reached: SSH to 100.64.0.3" in result.stdout
    assert result.stdout.count("3f2a91c0d4e5") == 2


def test_no_server_ends_with_2(found: Use) -> None:
    found(dict.fromkeys(HEALTHY, GONE))
    assert run().exit_code == 2


def test_only_the_servers_that_are_named(found: Use) -> None:
    found({**HEALTHY, "auth": GONE})
    result = run("web", "api")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "all 2 servers are healthy")


def test_a_wrong_server_ends_with_2(found: Use) -> None:
    found(HEALTHY)
    result = run("apl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("stack prod has no server 'apl'; it has auth, api, web. ")


def test_a_stack_that_cannot_be_read_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: str) -> DeployedStack:
        raise OperatorError("nothing is deployed")

    monkeypatch.setattr(deployed_stack, "read", read)
    result = run("--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "nothing is deployed\n")


def test_json_is_one_document(found: Use) -> None:
    found({**HEALTHY, "auth": GONE})
    result = run("--json")
    document = json.loads(result.stdout)
    assert (document["stack"], document["exit_code"], result.exit_code) == ("prod", 1, 1)
    assert document["servers"]["web"] == HEALTHY["web"]


@pytest.mark.parametrize(
    "environ", [{"COLUMNS": "60"}, {"NO_COLOR": "1", "TERM": "dumb"}, {"LC_ALL": "C"}]
)
def test_it_is_plain_ascii_within_the_width(found: Use, environ: dict[str, str]) -> None:
    found(HEALTHY)
    out = run(**environ).stdout
    assert out.isascii() and "\x1b" not in out
    assert all(len(line) <= int(environ.get("COLUMNS", 80)) for line in out.splitlines())


def test_only_commands_are_wider_than_the_terminal(found: Use) -> None:
    disk = {**DISK, "text": f"{DISK['text']}, {'x' * 60}", "command": "y " * 60}
    found({**HEALTHY, "api": healthy("api", problems=[disk])})
    wide = [line for line in run(COLUMNS="60").stdout.splitlines() if len(line) > 60]
    assert wide == [f"  next: {disk['command']}"]


def test_a_page_is_written(found: Use, tmp_path: Path) -> None:
    found({"auth": with_day("auth"), "api": with_day("api", problems=[DISK]), "web": GONE})
    file = tmp_path / "status.html"
    result = run("--html", str(file))
    assert result.exit_code == 1
    assert result.stdout == f"{file}: api: 1 problem; web: not reached\n"
    assert file.read_text().startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_is_an_error(found: Use, tmp_path: Path) -> None:
    found({name: with_day(name) for name in HEALTHY})
    result = run("--html", str(tmp_path / "none" / "status.html"))
    assert result.exit_code == 2
    text = " ".join(result.stderr.split())
    assert "cannot be written: No such file or directory Next: choose another file" in text


@pytest.mark.parametrize("other", ["--watch", "--json"])
def test_a_page_is_neither_json_nor_repeated(found: Use, tmp_path: Path, other: str) -> None:
    found(HEALTHY)
    file = tmp_path / "status.html"
    assert (run("--html", str(file), other).exit_code, file.exists()) == (2, False)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses so far; Ctrl-C comes in the second one."""
    found: list[float] = []

    def sleep(seconds: float) -> None:
        found.append(seconds)
        if len(found) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    return found


def test_watch_repeats_until_it_is_interrupted(found: Use, pauses: list[float]) -> None:
    found({**HEALTHY, "auth": GONE})
    result = run("--watch", "--interval", "7")
    assert (result.exit_code, pauses) == (1, [7, 7])
    assert result.stdout.count("auth: not reached\n") == 2


def test_watch_with_json_prints_a_document_each_time(found: Use, pauses: list[float]) -> None:
    found(HEALTHY)
    result = run("--watch", "--json")
    assert (result.exit_code, pauses) == (0, [5, 5])
    assert result.stdout.count('"verdict": "all 3 servers are healthy"') == 2


def test_watch_replaces_the_screen_of_a_terminal_and_restores_it(
    found: Use, pauses: list[float]
) -> None:
    found(HEALTHY)
    out = run("--watch", FORCE_COLOR="1", TERM="xterm-256color").stdout
    assert len(pauses) == 2
    first, _, rest = out.partition("\x1b[?1049h")
    shown, _, after = rest.partition("\x1b[?1049l")
    assert shown.count("all 3 servers are healthy") == 2
    assert "healthy" not in first + after
