from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.pairs import hosts, pairs
from tests.fks_infra.migrate.conftest import server

KEY = Path("key")
SINGLE = server("single", "auth", "api", "web")
MULTI = [server(name, name) for name in ("auth", "api", "web")]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("single", "multi", [("auth", "single", "auth"), ("api", "single", "api")]),
        ("multi", "single", [("auth", "auth", "single"), ("api", "api", "single")]),
    ],
)
def test_each_set_moves_between_the_servers_that_have_its_role(
    source: str, target: str, expected: list[tuple[str, str, str]]
) -> None:
    journal = Journal(stack="prod", source=source, target=target)
    found = pairs(journal, [*MULTI, SINGLE], KEY)
    assert [(one.data_set, one.source.name, one.target.name) for one in found] == expected


def test_a_server_that_is_missing_is_an_error() -> None:
    journal = Journal(stack="prod", source="single", target="multi")
    with pytest.raises(OperatorError, match="no server of mode multi with the role auth"):
        pairs(journal, [SINGLE], KEY)


def test_the_servers_of_a_mode() -> None:
    assert [one.name for one in hosts([*MULTI, SINGLE], "multi", KEY)] == ["auth", "api", "web"]
    assert [one.name for one in hosts([*MULTI, SINGLE], "single", KEY)] == ["single"]
