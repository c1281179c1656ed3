"""Questions before a command changes something."""

import sys
from types import SimpleNamespace

import pytest
import typer

from fks_infra.cli.prompt import typed
from fks_infra.errors import OperatorError


def test_a_prompt_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: " api ")
    assert typed("api", "do it", "--yes")
    assert not typed("web", "do it", "--yes")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(OperatorError, match="the name api must be typed to do it"):
        typed("api", "do it", "--yes")
