"""Which image and which volume an upgrade of PostgreSQL sets."""

from typing import Any

import pytest

from fks_infra.config.settings import ServiceOverride
from fks_infra.errors import OperatorError
from fks_infra.upgrade import postgres

SERVICE = postgres.database_of("api")
NAME = "docker.io/library/postgres"
VOLUME = "fks_api-postgres-data"


def status(volume: str = VOLUME, **upgrade: Any) -> dict[str, Any]:
    data = {"volume": volume, "image": f"{NAME}:17.12-trixie", "version": "17"}
    return {"data": data, "upgrade": upgrade or None}


@pytest.mark.parametrize(
    ("present", "to", "image", "major"),
    [
        (None, "18.1", f"{NAME}:18.1-trixie", 18),
        (None, "18.1-forky", f"{NAME}:18.1-forky", 18),
        ("registry.example.org/pg:17.1", "19", "registry.example.org/pg:19", 19),
        (f"{NAME}:16.1-trixie", "", SERVICE.image, 17),
    ],
)
def test_the_version_replaces_that_of_the_present_image(
    present: str | None, to: str, image: str, major: int
) -> None:
    assert postgres.image(SERVICE, ServiceOverride(image=present), to) == (image, major)


@pytest.mark.parametrize(
    ("override", "to", "message"),
    [
        (ServiceOverride(), "latest", "--to is 'latest', which is no version"),
        (ServiceOverride(image="own/postgres:mine"), "18.1", "write it as --to 18.1"),
        (ServiceOverride(digest=f"sha256:{'a' * 64}"), "18.1", "digest pins the present image"),
    ],
)
def test_what_has_no_version_is_refused(override: ServiceOverride, to: str, message: str) -> None:
    with pytest.raises(OperatorError, match=message):
        postgres.image(SERVICE, override, to)


@pytest.mark.parametrize(
    ("image", "also"),
    [
        (f"{NAME}:18.1-trixie", f"PostgreSQL 17.5 -> 18 too: {NAME}:18.1-trixie is configured."),
        (f"{NAME}:17.12-trixie@sha256:{'a' * 64}", ""),
        ("own/postgres:mine", ""),
    ],
)
def test_another_major_version_is_named(image: str, also: str) -> None:
    assert postgres.also(image, "17.5") == also


@pytest.mark.parametrize(
    ("present", "volume"),
    [(VOLUME, "pg18"), (f"{VOLUME}-pg17", "pg18"), (f"{VOLUME}-pg18", "pg18-2")],
)
def test_the_volume_is_another_one(present: str, volume: str) -> None:
    found = postgres.target(SERVICE, ServiceOverride(), "18.1", status(present))
    assert (found.volume, found.major) == (volume, 18)


def test_an_upgrade_that_was_begun_keeps_its_volume() -> None:
    target = {"image": f"{NAME}:18.1-trixie", "volume": f"{VOLUME}-pg18-2", "version": "18"}
    begun = status(state="copied", target=target)
    assert postgres.target(SERVICE, ServiceOverride(), "18.1", begun).volume == "pg18-2"
    assert postgres.target(SERVICE, ServiceOverride(), "18.2", begun).volume == "pg18"
