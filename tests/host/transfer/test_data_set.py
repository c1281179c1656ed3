from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.errors import InputError
from host.fks_deploy.transfer import data_set
from tests.host.transfer.conftest import API, Closing


def compose(*services: str) -> Any:
    environment = {"POSTGRES_DB": "fks", "POSTGRES_USER": "fks_user"}
    document = {
        "services": {name: {"environment": environment} for name in services},
        "volumes": {"api-data": {}},
    }
    return SimpleNamespace(document=lambda: document)


def test_the_data_sets_are_those_of_the_servers_databases() -> None:
    assert data_set.find(compose("api-postgres", "api"), []) == [API]
    both = data_set.find(compose("api-postgres", "auth-postgres"), [])
    assert [one.name for one in both] == ["auth", "api"]
    assert data_set.find(compose("edge"), []) == []


def test_a_set_of_another_server_is_an_error() -> None:
    with pytest.raises(InputError, match=r"no data set 'auth': it has api"):
        data_set.find(compose("api-postgres"), ["auth"])


def test_the_size_and_whether_it_is_closed(closing: Closing) -> None:
    assert data_set.facts(closing.session.compose, API) == {"bytes": 7, "closed": False}
    closing.closed.add("api")
    assert data_set.facts(closing.session.compose, API)["closed"] is True
