import pytest

from fks_infra.cli.progress import read_stack, waiting_for
from fks_infra.operate import deployed_stack
from tests.fks_infra.operate.stack import MULTI


def test_nothing_is_shown_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deployed_stack, "read", {"prod": MULTI}.__getitem__)
    assert read_stack("prod") == MULTI
    with waiting_for("an answer"):
        pass
    assert capsys.readouterr() == ("", "")


def test_the_text_is_shown_on_a_terminals_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    with waiting_for("an answer"):
        pass
    printed = capsys.readouterr()
    assert printed.out == "" and "an answer" in printed.err
