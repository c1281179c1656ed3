"""The problems of one server."""

import pytest

from fks_infra.cli import server_health
from fks_infra.cli.servers import connected
from fks_infra.operate import reports
from tests.fks_infra.cli import servers
from tests.fks_infra.operate.reports import DISK, GONE, healthy


@pytest.mark.parametrize(
    ("report", "found", "text"),
    [
        (healthy("api"), [], "api is healthy.\n"),
        (healthy("api", problems=[DISK]), [DISK["text"]], f"api: {DISK['text']}\n"),
        (GONE, None, "api was not reached; next: fks status api\n"),
    ],
)
def test_problems_in_words(
    monkeypatch: pytest.MonkeyPatch, report: object, found: list[str] | None, text: str
) -> None:
    servers.install(monkeypatch)
    monkeypatch.setattr(reports, "read", lambda *_: {"api": report})
    with connected("prod", []) as three:
        assert server_health.problems(three, "api") == found
    assert server_health.text("api", found) == text
