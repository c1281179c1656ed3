"""Texts are added to the run's summary, within GitHub's limit."""

from pathlib import Path

import pytest

from fks_infra.delivery.summary import append, run_url


def test_texts_are_added_one_after_the_other(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    append(environ, "one\n")
    append(environ, "two")
    assert (tmp_path / "summary").read_text() == "one\n\ntwo\n\n"


def test_outside_a_workflow_the_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    append({}, "one\n")
    assert capsys.readouterr().out == "one\n"


def test_a_text_beyond_the_limit_is_cut(tmp_path: Path) -> None:
    append({"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}, "ü" * 1_000_000)
    written = (tmp_path / "summary").read_bytes()
    assert len(written) < 1024 * 1024
    assert written.decode().rstrip().endswith("Cut: GitHub shows at most 1 MiB.")


def test_the_runs_page() -> None:
    environ = {
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "fks/infra",
        "GITHUB_RUN_ID": "5",
    }
    assert run_url(environ) == "https://github.example/fks/infra/actions/runs/5"
    assert run_url({}) == "the run's summary"
