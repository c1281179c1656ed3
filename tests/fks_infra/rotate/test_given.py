"""What a new DNS token and a new password of the registries must be able to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.clouds import image_registry
from fks_infra.clouds.http import RejectedError
from fks_infra.rotate.given import GIVEN
from tests.fks_infra.conftest import ScriptedApi

DNS, REGISTRY = GIVEN["dns-token"], GIVEN["registry"]


@pytest.fixture
def stack(pulumi: Path) -> str:
    """A stack with a domain and a registry."""
    registries = json.dumps({"ghcr.io": "reader"})
    present = {"fks:domain": {"value": "fks.example"}, "fks:registries": {"value": registries}}
    (pulumi / "present").write_text(json.dumps(present))
    return "prod"


def zones(api: ScriptedApi, monkeypatch: pytest.MonkeyPatch, *rows: dict[str, Any]) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", api.base)
    api.respond("GET", "/zones?name=fks.example&per_page=50", (200, {"result": rows}))


def test_a_token_that_may_edit_the_zone_is_accepted(
    stack: str, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": "z", "name": "fks.example", "permissions": ["#dns_records:edit"]}
    zones(api, monkeypatch, row)
    assert DNS.accepted(stack, "canary-token")
    assert api.requests[0].headers["Authorization"] == "Bearer canary-token"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "sees 0 zones of that name"),
        (
            [{"id": "z", "name": "fks.example", "permissions": ["#zone:read"]}],
            "may not edit the records of fks.example",
        ),
    ],
)
def test_a_token_without_the_right_is_refused(
    stack: str,
    api: ScriptedApi,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[dict[str, Any]],
    message: str,
) -> None:
    zones(api, monkeypatch, *rows)
    assert not DNS.accepted(stack, "canary-token")
    with pytest.raises(RejectedError, match=message):
        DNS.check(stack, "canary-token")


def test_every_registry_must_accept_the_password(
    stack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(image_registry, "log_in", lambda *login: asked.append(login))
    assert REGISTRY.accepted(stack, "canary")
    assert asked == [("https://ghcr.io", "reader", "canary")]


def test_without_a_registry_there_is_nothing_to_rotate(pulumi: Path) -> None:
    (pulumi / "present").write_text("{}")
    with pytest.raises(RejectedError, match="fks:registries is empty"):
        REGISTRY.check("prod", "canary")
