"""Which database a release starts on."""

import sys
from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of the release 2026.8.6, without a database."""
    monkeypatch.setitem(sys.modules, "psycopg", ModuleType("psycopg"))
    monkeypatch.setattr(sys.modules["psycopg"], "Connection", object, raising=False)
    return import_module("rehearsal.images.authentik.standin.versions")


@pytest.mark.parametrize("found", ["", "2026.5.6", "2026.8.1", "2026.8.9"])
def test_its_own_train_and_the_one_before(versions: ModuleType, found: str) -> None:
    assert versions.refusal(found) == ""


@pytest.mark.parametrize("found", ["2026.2.1", "2026.11.0"])
def test_a_skip_and_a_newer_train_are_refused(versions: ModuleType, found: str) -> None:
    assert f"skips are not allowed. Please upgrade one major version at a time. (from {found}" in (
        versions.refusal(found)
    )
