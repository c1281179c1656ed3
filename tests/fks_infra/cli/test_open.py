import sys
import webbrowser

import pytest
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.operate import urls


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that were opened in the browser."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    monkeypatch.setattr(urls, "url", lambda stack, page: f"https://{stack or 'selected'}/{page}")
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return found


def test_without_a_display_it_prints_only(opened: list[str]) -> None:
    result = CliRunner().invoke(app, ["open", "admin", "--stack", "dev"])
    assert (result.exit_code, result.stdout, opened) == (0, "https://dev/admin\n", [])


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_it_opens_the_page_too(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ":0")
    result = CliRunner().invoke(app, ["open"])
    assert (result.exit_code, result.stdout) == (0, "https://selected/app\n")
    assert opened == ["https://selected/app"]


def test_another_page_is_an_error(opened: list[str]) -> None:
    assert CliRunner().invoke(app, ["open", "grafana"]).exit_code == 2
    assert opened == []
