"""The database of a data set."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from host.fks_deploy.compose import Compose, Service
from host.fks_deploy.errors import InputError
from host.fks_deploy.restore import target

SERVICES = [
    Service("api", "i", (), needs=("api-postgres", "api-queue")),
    Service("api-worker", "i", (), needs=("api-postgres",)),
    Service("api-cache", "i", ()),
    Service("api-queue", "i", ()),
    Service("api-postgres", "i", ()),
    Service("auth-server", "i", (), needs=("auth-postgres",)),
]


def compose(database: str = "fks_trading", **services: list[str]) -> Compose:
    environment = {"POSTGRES_DB": database, "POSTGRES_USER": "fks_user"}
    document: dict[str, Any] = {"services": {"api-postgres": {"environment": environment}}}
    found = SimpleNamespace(
        document=lambda: document,
        all_services=lambda: SERVICES,
        release=SimpleNamespace(placement=SimpleNamespace(services=services)),
    )
    return cast(Compose, found)


OWN = ["api", "api-worker", "api-cache", "api-queue", "api-postgres"]


def test_what_writes_to_the_database_and_the_cache_of_its_rows() -> None:
    found = target.find(compose(api=OWN, auth=["auth-server"]), "api")
    assert (found.writers, found.caches) == (("api", "api-worker"), ("api-cache",))
    assert (found.database, found.user, found.service) == (
        "fks_trading",
        "fks_user",
        "api-postgres",
    )
    assert (found.restoring, found.before) == ("fks_trading_restoring", "fks_trading_before")


def test_a_data_set_of_another_server() -> None:
    with pytest.raises(InputError, match="no data set 'auth': it has api"):
        target.find(compose(api=OWN), "auth")


def test_a_release_without_the_list_of_services() -> None:
    with pytest.raises(InputError, match="run pulumi up"):
        target.find(compose(), "api")


def test_a_name_that_leaves_no_room_for_a_second_one() -> None:
    with pytest.raises(InputError, match="more than 53 bytes"):
        target.find(compose("ä" * 27, api=OWN), "api")
