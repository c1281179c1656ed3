from pathlib import Path

import pytest

from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.step_report import StepReport


@pytest.fixture
def report(tmp_path: Path) -> StepReport:
    return StepReport(Output(tmp_path / "log", Redactor(("canary",))), len("longest"))


def test_each_step_is_a_line_and_an_entry(
    report: StepReport, capsys: pytest.CaptureFixture[str]
) -> None:
    report.run("up", lambda: "canary healthy")
    report.run("longest", lambda: "")
    assert (
        capsys.readouterr().out == "up      ok        0.0s  *** healthy\nlongest ok        0.0s\n"
    )
    assert report.entries == [
        {"name": "up", "seconds": 0.0, "result": "ok", "note": "canary healthy"},
        {"name": "longest", "seconds": 0.0, "result": "ok"},
    ]


def test_a_failed_step_is_reported_and_its_error_raised(
    report: StepReport, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        report.run("up", fail)
    assert capsys.readouterr().out == "up      FAILED    0.0s\n"
    assert report.entries[0]["result"] == "failed"
