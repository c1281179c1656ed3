"""Authentik's blueprints, parsed by the reader of the stand-in."""

import re
from pathlib import Path
from typing import Any

import pytest

from rehearsal.images.authentik.standin.blueprint import BlueprintError, Entry, read
from tests.compose.stacks import LIB, part

BLUEPRINT = LIB / "blueprints/fks.yaml"
ADMINISTRATOR = LIB / "blueprints/administrator.yaml"


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """The entries of the blueprint for a domain."""
    monkeypatch.setenv("FKS_WEB_DOMAIN", "fks.test")
    return read(BLUEPRINT)


def one(entries: list[Entry], model: str) -> dict[str, Any]:
    """The attributes of the only entry of a model."""
    (found,) = [entry.attrs for entry in entries if entry.model == model]
    return found


def test_the_provider_is_a_public_client_that_redirects_to_the_front_end(
    entries: list[Entry],
) -> None:
    provider = one(entries, "authentik_providers_oauth2.oauth2provider")
    assert provider["client_type"] == "public"
    assert "client_secret" not in provider
    assert provider["redirect_uris"] == [
        {"matching_mode": "strict", "url": "https://fks.test/auth/callback"},
        {"matching_mode": "strict", "url": "https://fks.test/", "redirect_uri_type": "logout"},
    ]


def test_the_provider_has_a_signing_key_and_grant_types(entries: list[Entry]) -> None:
    provider = one(entries, "authentik_providers_oauth2.oauth2provider")
    assert provider["grant_types"] == ["authorization_code", "refresh_token"]
    assert provider["signing_key"]
    assert "scope-offline_access" in str(provider["property_mappings"])


def test_only_members_of_a_group_may_use_the_application(entries: list[Entry]) -> None:
    groups = [one.identity["name"] for one in entries if one.model == "authentik_core.group"]
    bound = [one.attrs["group"] for one in entries if one.model.endswith("policybinding")]
    assert groups == ["fks-admins", "fks-traders", "fks-viewers"]
    assert bound == [{"name": name} for name in groups]


def test_the_worker_gets_every_variable_the_blueprint_reads() -> None:
    worker = part("auth")["services"]["auth-worker"]
    text = BLUEPRINT.read_text() + ADMINISTRATOR.read_text()
    assert set(re.findall(r"!Env (\w+)", text)) <= set(worker["environment"])
    files = re.findall(r"!File (\S+?)}?$", text, re.MULTILINE)
    assert len(files) == 2
    assert set(files) <= {f"/run/secrets/{name}" for name in worker["secrets"]}


def test_the_administrators_password_is_set_only_over_the_placeholder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHENTIK_BOOTSTRAP_PASSWORD_HASH", "placeholder")
    for name in ("AUTHENTIK_BOOTSTRAP_PASSWORD", "AUTHENTIK_BOOTSTRAP_TOKEN"):
        (tmp_path / name).write_text(f"{name.lower()}\n")
    local = tmp_path / "administrator.yaml"
    local.write_text(ADMINISTRATOR.read_text().replace("/run/secrets", str(tmp_path)))
    user, token = read(local)
    stored = {"find": "authentik_core.user", "username": "akadmin", "password": "placeholder"}
    assert user.conditions == [stored]
    assert user.attrs == {"password": "authentik_bootstrap_password"}
    assert token.identity == {"identifier": "fks-deploy"}
    assert (token.attrs["key"], token.attrs["expiring"]) == ("authentik_bootstrap_token", False)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("grant_types: [authorization_code, refresh_token]", "grant_types: []", "grant_types"),
        ("name, authentik Self-signed Certificate", "name, Nobody", "!Find"),
        ("id: provider", "id: other", "!KeyOf"),
        ("!Env FKS_WEB_DOMAIN", "!Env FKS_NOBODY", "FKS_NOBODY"),
        ("client_type: public", "client_kind: public", "no field 'client_kind'"),
        ("client_type: public", "client_type: open", "client_type 'open'"),
        ("authorization_code, refresh_token", "authorization-code", "grant_types"),
        ("invalidation_flow:", "authentication_flow:", "invalidation_flow is not set"),
        ("redirect_uri_type: logout", "redirect_uri_type: other", "redirect_uri_type"),
        ("matching_mode: strict", "matching_mode: exact", "matching_mode"),
        ("policy_engine_mode: any", "policy_engine_mode: one", "policy_engine_mode"),
        ("meta_launch_url", "launch_url", "no field 'launch_url'"),
        ("model: authentik_core.group", "model: authentik_core.groups", "no such model"),
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
