import json

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate import urls

URLS = {
    "auth": "https://auth.example.org",
    "api": "https://api.example.org",
    "web": "https://example.org",
}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The arguments of pulumi so far; the stack `empty` has no outputs."""
    found: list[tuple[str, ...]] = []

    def pulumi(*arguments: str) -> str:
        found.append(arguments)
        return "{}" if "empty" in arguments else json.dumps({"urls": URLS})

    monkeypatch.setattr(urls, "pulumi", pulumi)
    return found


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("app", "https://example.org/"),
        ("api", "https://api.example.org/"),
        ("auth", "https://auth.example.org/if/user/"),
        ("admin", "https://auth.example.org/if/admin/"),
    ],
)
def test_each_page(calls: list[tuple[str, ...]], page: str, url: str) -> None:
    assert urls.url("", page) == url
    assert calls == [("stack", "output", "--json")]


@pytest.mark.usefixtures("calls")
def test_a_stack_without_servers_is_an_error_with_the_next_command() -> None:
    with pytest.raises(OperatorError, match=r"nothing is deployed.*\nNext: pulumi up --stack emp"):
        urls.url("empty", "app")
