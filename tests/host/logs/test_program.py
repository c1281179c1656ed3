"""What `bin/logs` prints, with the program as it is on a server."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from host.fks_deploy.logs import program
from host.fks_deploy.shell import Shell
from tests.host.logs.conftest import LoggingServer
from tests.host.server import REPOSITORY

SECRET = "canary-postgres-password"
CONTAINERS = "c1 running api api\nc2 running api-2 api\nc3 exited edge -\n"


def line(ago: float, text: str) -> str:
    """A line of `docker logs`."""
    time_ = datetime.fromtimestamp(time.time() - ago, UTC)
    return f"{time_:%Y-%m-%dT%H:%M:%S.%f}000Z {text}\n"


@pytest.fixture
def server(logging_server: LoggingServer) -> LoggingServer:
    """Three containers with a line each, and a unit with one."""
    logging_server.write("containers", CONTAINERS)
    logging_server.write("log-c1", line(700, "too old") + line(30, "first") + line(10, "third"))
    logging_server.write("log-c2", line(20, f"second {SECRET}"))
    logging_server.write("log-c3", line(5, "fourth"))
    logging_server.write("etc/systemd/system/fks-watch.service", "")
    logging_server.journal(time.time() - 15, "fks-watch", f"sent to {SECRET}")
    logging_server.write("etc/fks/secrets/api/POSTGRES_PASSWORD", SECRET)
    return logging_server


Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(server: LoggingServer, capsys: pytest.CaptureFixture[str]) -> Read:
    """The documents that the program prints for these arguments."""

    def run(*arguments: str) -> list[dict[str, Any]]:
        program.main(server.paths, Shell.without_log(), arguments)
        return [json.loads(one) for one in capsys.readouterr().out.splitlines()]

    return run


def texts(documents: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["source"], one["text"]) for one in documents if "text" in one]


def test_first_what_can_be_selected(read: Read) -> None:
    names = ["api", "api-2", "edge"]
    units = ["unit:fks-watch", "unit:docker", "unit:ssh", "unit:tailscaled"]
    assert read()[0] == {"sources": names + units}


def test_the_lines_of_all_containers_in_the_order_of_time_with_secrets_masked(read: Read) -> None:
    expected = [("api", "first"), ("api-2", "second ***"), ("api", "third"), ("edge", "fourth")]
    assert texts(read()) == expected


def test_lines_that_docker_recorded_out_of_order(server: LoggingServer, read: Read) -> None:
    recorded = [line(ago, str(number)) for number, ago in enumerate((9, 8.99, 7, 7.01, 6))]
    server.write("log-c3", "".join(recorded))
    assert [text for _, text in texts(read("--", "edge"))] == ["0", "1", "3", "2", "4"]


def test_a_service_with_its_replicas(read: Read) -> None:
    assert [source for source, _ in texts(read("--", "api"))] == ["api", "api-2", "api"]


def test_a_unit_alone_and_all_units(read: Read) -> None:
    unit = ("unit:fks-watch", "sent to ***")
    assert texts(read("--", "unit:fks-watch")) == [unit]
    assert texts(read("--units", "--", "edge")) == [unit, ("edge", "fourth")]


def test_only_lines_since_a_time_that_match(read: Read) -> None:
    assert texts(read("--since=25", "--grep=t[h]")) == [("api", "third"), ("edge", "fourth")]


def test_a_pattern_does_not_match_a_secret(read: Read) -> None:
    assert texts(read("--grep=canary")) == []


def test_an_engine_that_is_down_leaves_the_units(server: LoggingServer, read: Read) -> None:
    (server.root / "containers").unlink()
    _, error, *rest = read("--units")
    assert error["error"].startswith("containers cannot be listed: docker ps exited with 1: cat")
    assert texts(rest) == [("unit:fks-watch", "sent to ***")]


FOLLOW = (
    "import sys; sys.path.insert(0, {host!r}); from pathlib import Path; "
    "from fks_deploy.logs import program, reading; from fks_deploy.paths import Paths; "
    "from fks_deploy.shell import Shell; reading._PAUSE = 0.1; "
    "program.main(Paths(Path({root!r})), Shell.without_log(), sys.argv[1:])"
)


@pytest.fixture
def following(server: LoggingServer) -> "subprocess.Popen[str]":
    code = FOLLOW.format(host=str(REPOSITORY / "host"), root=str(server.root))
    command = [sys.executable, "-c", code, "--follow", "--", "api", "unit:fks-watch"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def next_text(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    document = json.loads(process.stdout.readline())
    return str(document.get("text", document))


def test_following_shows_new_lines_new_containers_and_ends_with_its_input(
    server: LoggingServer, following: "subprocess.Popen[str]"
) -> None:
    old = [next_text(following) for _ in range(6)]
    assert old[1:] == ["first", "second ***", "sent to ***", "third", "{'following': True}"]
    server.append("log-c1", line(0, f"new {SECRET}"))
    assert next_text(following) == "new ***"
    server.write("log-c4", line(0, "of another container"))
    server.append("containers", "c4 running api -\n")
    assert next_text(following) == "of another container"
    assert following.stdin
    following.stdin.close()
    assert following.wait(10) == 0
    followers = [int(one.split()[0]) for one in server.calls() if "--follow" in one]
    assert len(followers) == 4
    for process in followers:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_container_that_restarts_is_followed_again_and_no_line_is_repeated(
    server: LoggingServer, following: "subprocess.Popen[str]"
) -> None:
    for _ in range(6):
        next_text(following)
    server.append("log-c1", line(0, "before"))
    assert next_text(following) == "before"
    (first,) = (int(one.split()[0]) for one in server.calls() if one.endswith("--follow c1"))
    os.kill(first, signal.SIGTERM)
    server.append("log-c1", line(0, "after"))
    assert next_text(following) == "after"
    assert following.stdin
    following.stdin.close()
    assert following.wait(10) == 0
