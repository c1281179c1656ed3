"""Logs of three servers; a stand-in for SSH yields what each program prints."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fks_infra.operate import log_streams
from fks_infra.operate.log_selection import LogSelection
from fks_infra.operate.log_streams import LogStreams
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.stack import MULTI

SOURCES = {"sources": ["edge"]}
FOLLOWING = {"following": True}
Printed = list[dict[str, Any] | str | Exception]
Open = Callable[..., LogStreams]


def entry(second: int, text: str) -> dict[str, Any]:
    return {"time": f"2026-11-27T10:00:{second:02}.000000Z", "source": "edge", "text": text}


@pytest.fixture
def reports() -> list[str]:
    """What was reported about servers."""
    return []


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, reports: list[str]) -> Open:
    """Open the logs of servers whose programs print these documents."""

    def open_logs(*, follow: bool = False, **printed: Printed) -> LogStreams:
        def lines_of(server: DeployedServer, key: Path, command: str) -> Iterator[str]:
            assert key == Path("key") and ("--follow" in command) == follow
            for one in printed[server.name]:
                if isinstance(one, Exception):
                    raise one
                yield one if isinstance(one, str) else json.dumps(one) + "\n"

        monkeypatch.setattr(log_streams, "lines_of", lines_of)
        servers = [server for server in MULTI.servers if server.name in printed]
        chosen = LogSelection(names=(), since=600, pattern="", follow=follow, units=False)
        return LogStreams(
            "prod", servers, chosen, Path("key"), lambda *both: reports.append(": ".join(both))
        )

    return open_logs


def test_lines_of_all_servers_are_merged_by_time(opened: Open, reports: list[str]) -> None:
    streams = opened(
        auth=[SOURCES, entry(1, "a"), entry(4, "d")],
        api=[SOURCES, entry(2, "b"), entry(3, "c")],
        web=[SOURCES],
    )
    assert streams.sources == {"auth": ["edge"], "api": ["edge"], "web": ["edge"]}
    found = [(line.server, line.source, line.text) for line in streams.lines()]
    assert found == [
        ("auth", "edge", "a"),
        ("api", "edge", "b"),
        ("api", "edge", "c"),
        ("auth", "edge", "d"),
    ]
    assert (streams.unreached, reports) == ([], [])


def test_new_lines_come_after_all_old_ones(opened: Open) -> None:
    streams = opened(
        follow=True,
        auth=[SOURCES, entry(1, "a"), FOLLOWING, entry(3, "new")],
        api=[SOURCES, entry(2, "b"), FOLLOWING],
    )
    assert [line.text for line in streams.lines()] == ["a", "b", "new"]


def test_a_server_that_is_not_reached_is_reported_and_the_others_are_shown(
    opened: Open, reports: list[str]
) -> None:
    streams = opened(
        auth=[OSError("ssh: connect to host 100.64.0.2 port 22: Connection timed out")],
        web=[SOURCES, entry(1, "a")],
    )
    assert streams.sources == {"auth": (), "web": ["edge"]}
    assert [line.text for line in streams.lines()] == ["a"]
    assert streams.unreached == ["auth"]
    assert reports == [
        "auth: SSH to 100.64.0.2: Connection timed out; next: tailscale status; "
        "fks doctor --stack prod"
    ]


def test_a_server_that_goes_away_meanwhile_is_reported(opened: Open, reports: list[str]) -> None:
    streams = opened(
        follow=True,
        auth=[SOURCES, FOLLOWING, entry(1, "a"), OSError("Connection reset")],
        api=[SOURCES, FOLLOWING, entry(2, "b")],
    )
    assert sorted(line.text for line in streams.lines()) == ["a", "b"]
    assert streams.unreached == ["auth"]
    assert len(reports) == 1 and "Connection reset" in reports[0]


def test_containers_that_cannot_be_listed_are_reported(opened: Open, reports: list[str]) -> None:
    streams = opened(web=[SOURCES, {"error": "containers cannot be listed: no"}])
    assert list(streams.lines()) == []
    assert reports == ["web: containers cannot be listed: no"]
    assert streams.unreached == ["web"]


@pytest.mark.parametrize("answer", ["Welcome\n", '{"other": 1}\n'])
def test_another_answer_is_reported(opened: Open, reports: list[str], answer: str) -> None:
    streams = opened(web=[answer])
    assert list(streams.lines()) == []
    assert streams.unreached == ["web"]
    assert len(reports) == 1 and "its answer is not that of bin/logs" in reports[0]
