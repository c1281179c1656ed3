"""The screen in docs/operations.md."""

import json

from fks_infra.documents.status_screen import RECORDING, WIDTH, status_screen
from fks_infra.operate.reports import STATUS


def test_it_shows_the_recorded_servers_side_by_side() -> None:
    lines = status_screen().splitlines()
    assert (lines[0], lines[-1]) == ("```text", "```")
    assert lines[1] == "api: 1 problem"
    assert all(len(line) <= WIDTH for line in lines)
    (titles,) = [line.split() for line in lines if line.startswith("api ---")]
    assert titles[::2] == ["api", "auth", "web"]


def test_the_recorded_reports_have_what_a_server_prints() -> None:
    recording = json.loads(RECORDING.read_text())
    assert [sorted(report) for report in recording["servers"].values()] == [sorted(STATUS.keys)] * 3
