"""Why a legacy database is refused before anything is copied."""

from dataclasses import replace
from typing import Any

import pytest

from fks_infra.migrate.legacy_checks import reasons
from fks_infra.migrate.legacy_look import look
from fks_infra.migrate.legacy_plan import make
from tests.fks_infra.migrate.legacy_server import STATE, Legacy


def told(target: dict[str, Any], **changes: Any) -> list[str]:
    legacy: Any = Legacy()
    found = look(legacy)
    plan = make(found, "", "")
    (database,) = found.databases
    return list(
        reasons(replace(found, databases=(replace(database, **changes),)), plan, target, "api")
    )


def test_an_older_version_with_known_extensions_fits() -> None:
    assert told(STATE) == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"version": "18.1"}, "PostgreSQL 18.1, and api has 17.6, which is older"),
        ({"encoding": "SQL_ASCII"}, "the encoding of fks_trading is SQL_ASCII"),
        ({"extensions": ("timescaledb", "pg_trgm")}, "the extension timescaledb of fks_trading"),
    ],
)
def test_what_a_restore_would_refuse_is_told(changes: dict[str, Any], text: str) -> None:
    (reason,) = told(STATE, **changes)
    assert text in reason


def test_a_small_disk_and_a_stopped_stack_are_told() -> None:
    (reason,) = told({**STATE, "free": 1 << 30})
    assert "api has 1024 MiB free, and 2059 MiB are needed" in reason
    (reason,) = told({**STATE, "sets": {}})
    assert "fks start" in reason
