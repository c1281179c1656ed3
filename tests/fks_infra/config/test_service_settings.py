"""Single fields of `fks:services` in the stack's file."""

from pathlib import Path
from typing import Any

import pytest

from fks_infra.config import service_settings, stack_files
from tests.fks_infra.cli.test_rollback import calls


def reads(monkeypatch: pytest.MonkeyPatch, left: dict[str, Any]) -> None:
    monkeypatch.setattr(stack_files, "read", lambda *_: [left])


def test_all_values_are_set_at_once_and_the_others_removed(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(monkeypatch, {"api-postgres": {"image": "a:1"}})
    values = {"image": "a:1", "volume": "pg18", "memory": None}
    service_settings.write("prod", {"api-postgres": values, "auth-server": {"image": "b:2"}})
    path = "fks:services.api-postgres"
    assert calls(pulumi, "config") == [
        f"config set-all --path --plaintext {path}.image=a:1 --plaintext {path}.volume=pg18 "
        "--plaintext fks:services.auth-server.image=b:2 --stack prod",
        f"config rm --path {path}.memory --stack prod",
    ]


@pytest.mark.parametrize(
    ("left", "path"),
    [
        ({"auth-postgres": {}, "api": {"port": 1}}, "fks:services.auth-postgres"),
        ({"auth-postgres": {}}, "fks:services"),
    ],
)
def test_what_is_empty_afterwards_is_removed_too(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch, left: dict[str, Any], path: str
) -> None:
    reads(monkeypatch, left)
    service_settings.write("prod", {"auth-postgres": {"volume": None}})
    assert calls(pulumi, "config") == [
        "config rm --path fks:services.auth-postgres.volume --stack prod",
        f"config rm --path {path} --stack prod",
    ]
