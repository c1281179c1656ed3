"""Authentik's blueprint, parsed by the reader of the stand-in."""

import re
from pathlib import Path

import pytest

from rehearsal.images.authentik.standin.blueprint import BlueprintError, Entry, read
from tests.compose.stacks import LIB, part

BLUEPRINT = LIB / "blueprints/fks.yaml"


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """The entries of the blueprint for a domain."""
    monkeypatch.setenv("FKS_WEB_DOMAIN", "fks.test")
    return read(BLUEPRINT)


def one(entries: list[Entry], model: str) -> dict[str, object]:
    """The attributes of the only entry of a model."""
    (found,) = [attrs for name, _, attrs in entries if name == model]
    return found


def test_the_provider_is_a_public_client_that_redirects_to_the_front_end(
    entries: list[Entry],
) -> None:
    provider = one(entries, "authentik_providers_oauth2.oauth2provider")
    assert provider["client_type"] == "public"
    assert "client_secret" not in provider
    assert provider["redirect_uris"] == [
        {"matching_mode": "strict", "url": "https://fks.test/auth/callback"}
    ]


def test_the_provider_has_a_signing_key_and_grant_types(entries: list[Entry]) -> None:
    provider = one(entries, "authentik_providers_oauth2.oauth2provider")
    assert provider["grant_types"] == ["authorization_code", "refresh_token"]
    assert provider["signing_key"]
    assert "scope-offline_access" in str(provider["property_mappings"])


def test_only_members_of_a_group_may_use_the_application(entries: list[Entry]) -> None:
    groups = [identity["name"] for model, identity, _ in entries if model.endswith("core.group")]
    bound = [attrs["group"] for model, _, attrs in entries if model.endswith("policybinding")]
    assert groups == ["fks-admins", "fks-traders", "fks-viewers"]
    assert bound == [{"name": name} for name in groups]


def test_the_worker_gets_every_variable_the_blueprint_reads() -> None:
    used = set(re.findall(r"!Env (\w+)", BLUEPRINT.read_text()))
    assert used <= set(part("auth")["services"]["auth-worker"]["environment"])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("grant_types: [authorization_code, refresh_token]", "grant_types: []", "grant_types"),
        ("name, authentik Self-signed Certificate", "name, Nobody", "!Find"),
        ("id: provider", "id: other", "!KeyOf"),
        ("!Env FKS_WEB_DOMAIN", "!Env FKS_NOBODY", "FKS_NOBODY"),
    ],
)
def test_the_reader_rejects_what_authentik_rejects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, message: str
) -> None:
    monkeypatch.setenv("FKS_WEB_DOMAIN", "fks.test")
    text = BLUEPRINT.read_text()
    assert before in text
    broken = tmp_path / "fks.yaml"
    broken.write_text(text.replace(before, after))
    with pytest.raises(BlueprintError, match=message):
        read(broken)
