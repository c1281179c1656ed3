"""The commands of Pulumi by which a move changes a stack."""

import json
from typing import Any

import pytest

from fks_infra.migrate import stack_settings
from tests.conftest import Declare


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    rows = [
        {"urn": f"urn::{name}-{part}", "protect": name != "web"}
        for part in ("machine-instance", "join-device")
        for name in ("single", "auth", "api", "web")
    ]
    rows += [{"urn": "urn::secrets-jwt-secret", "protect": True}, {"urn": "urn::auth-stack"}]

    def pulumi(*words: str) -> str:
        found.append(" ".join(words))
        return json.dumps({"deployment": {"resources": rows}}) if "export" in words else ""

    monkeypatch.setattr(stack_settings, "pulumi", pulumi)
    return found


@pytest.mark.parametrize("keep", [["single"], ["auth", "api", "web"], []])
def test_both_modes_stand_side_by_side(
    commands: list[str], monkeypatch: pytest.MonkeyPatch, keep: list[str]
) -> None:
    monkeypatch.setattr("fks_infra.config.stack_files.read", lambda *_: ["single", keep, ""])
    stack_settings.beside("prod", "multi", "single", "single")
    assert commands[:-1] == ([] if keep == ["single"] else ["config rm fks:keep --stack prod"])
    assert commands[-1:] == [
        "config set-all --path --plaintext fks:mode=multi --plaintext fks:serve=single "
        "--plaintext fks:keep[0]=single --stack prod"
    ]


def test_at_the_end_the_settings_are_those_of_one_mode(commands: list[str]) -> None:
    stack_settings.alone("prod", "multi")
    assert commands == [
        "config set --plaintext fks:mode multi --stack prod",
        "config rm fks:serve --stack prod",
        "config rm fks:keep --stack prod",
    ]


@pytest.mark.parametrize(("mode", "names"), [("single", ["single"]), ("multi", ["auth", "api"])])
def test_only_protected_servers_of_the_mode_lose_their_protection(
    commands: list[str], mode: str, names: list[str]
) -> None:
    stack_settings.unprotect("prod", mode)
    assert commands[1:] == [
        f"state unprotect urn::{name}-{part} --yes --stack prod"
        for part in ("machine-instance", "join-device")
        for name in names
    ]


def test_without_fks_serve_the_mode_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    values: list[Any] = ["multi", ["single"], ""]
    monkeypatch.setattr("fks_infra.config.stack_files.read", lambda *_: values)
    assert stack_settings.read("prod").serve == "multi"


def test_every_protected_resource_of_a_server_is_known(declare: Declare) -> None:
    resources = declare(mode="single").resources
    found = {one.name for one in resources if one.request.protect and one.name[:7] == "single-"}
    assert found == {f"single-{part}" for part in stack_settings.PROTECTED}
