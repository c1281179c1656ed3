"""The outcome of a rehearsal, and its JSON document."""

import json
from pathlib import Path

import pytest

from rehearsal.world.counters import Counters
from rehearsal.world.progress import Step
from rehearsal.world.report import Report
from rehearsal.world.toolchain import Tool

SERVER = {
    "name": "web",
    "plan": "g6-nanode-1",
    "public_ip": "198.51.100.20",
    "tailnet_ip": "100.64.0.3",
    "urls": ["https://example.org"],
    "health": "1/1",
    "seconds": "61",
    "monthly_cost": 5.0,
}
LINODE = Tool("linode", "6.8.0", "stand-in", "/plugins/linode")


@pytest.fixture
def report() -> Report:
    """A report of a successful rehearsal."""
    result = Report("multi", (LINODE,), steps=[Step("up", ok=True)], servers=[SERVER])
    result.counters["up"] = Counters(3, 1000, 20)
    result.check("closed_ports", True, "none")
    return result


def test_the_document_has_tools_servers_and_checks(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "below" / "report.json"
    report.write(path)
    document = json.loads(path.read_text())
    assert (document["mode"], document["ok"]) == ("multi", True)
    assert document["tools"] == [
        {
            "name": "linode",
            "version": "6.8.0",
            "kind": "stand-in",
            "path": "/plugins/linode",
            "note": "",
        }
    ]
    assert document["servers"][0]["tailnet_ip"] == "100.64.0.3"
    assert document["checks"] == [{"name": "closed_ports", "ok": True, "detail": "none"}]
    assert document["counters"]["up"]["api_calls"] == 20


def test_the_terminal_shows_tools_servers_and_the_summary(
    report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    report.show()
    text = capsys.readouterr().err
    assert "linode 6.8.0: stand-in" in text
    assert "100.64.0.3" in text
    assert "1 of 1 checks ok, $5.00 a month" in text


def test_a_failed_check_fails_the_rehearsal(report: Report) -> None:
    report.check("no_secret_shown", False, "a secret")
    assert not report.ok


def test_a_failed_step_fails_the_rehearsal(report: Report) -> None:
    report.steps.append(Step("preview"))
    assert not report.ok


def test_a_rehearsal_without_checks_has_failed() -> None:
    assert not Report("multi", steps=[Step("up", ok=True)]).ok
