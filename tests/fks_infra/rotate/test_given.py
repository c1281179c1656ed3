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
def test_a_token_without_the_right_is_no_new_one(
    stack: str,
    api: ScriptedApi,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[dict[str, Any]],
    message: str,
) -> None:
    zones(api, monkeypatch, *rows)
    with pytest.raises(RejectedError, match=message):
        DNS.check(stack, "canary-token")
    # As an old one it is not refused: it exists, and its rights can be changed.
    assert DNS.accepted(stack, "canary-token")


@pytest.mark.parametrize(
    ("message", "accepted"),
    [
        ("Invalid access token", False),
        # One that is limited to the servers' addresses is valid there.
        ("Cannot use the access token from location: 198.51.100.7", True),
    ],
)
def test_only_a_deleted_token_is_refused(
    stack: str, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch, message: str, accepted: bool
) -> None:
    zones(api, monkeypatch)
    answer = {"success": False, "errors": [{"code": 9109, "message": message}]}
    api.respond("GET", "/zones?name=fks.example&per_page=50", (403, answer))
    assert DNS.accepted(stack, "canary-token") is accepted


def test_every_registry_must_accept_the_password(
    stack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(image_registry, "log_in", lambda *login: asked.append(login))
    assert REGISTRY.accepted(stack, "canary")
    assert asked == [("https://ghcr.io", "reader", "canary")]


@pytest.mark.parametrize(
    ("statuses", "accepted"),
    [
        ({"ghcr.io": 401, "quay.io": 403}, False),
        ({"ghcr.io": 401, "quay.io": None}, True),
        ({"ghcr.io": None, "quay.io": 401}, True),
        ({"ghcr.io": 401, "quay.io": 404}, True),
    ],
)
def test_the_old_password_is_refused_when_every_registry_refuses_it(
    pulumi: Path,
    monkeypatch: pytest.MonkeyPatch,
    statuses: dict[str, int | None],
    accepted: bool,
) -> None:
    registries = json.dumps(dict.fromkeys(statuses, "reader"))
    (pulumi / "present").write_text(json.dumps({"fks:registries": {"value": registries}}))

    def log_in(address: str, *_: str) -> None:
        if status := statuses[address.removeprefix("https://")]:
            raise RejectedError("refused", status=status)

    monkeypatch.setattr(image_registry, "log_in", log_in)
    assert REGISTRY.accepted("prod", "canary") is accepted


def test_without_a_registry_there_is_nothing_to_rotate(pulumi: Path) -> None:
    (pulumi / "present").write_text("{}")
    with pytest.raises(RejectedError, match="fks:registries is empty"):
        REGISTRY.check("prod", "canary")
