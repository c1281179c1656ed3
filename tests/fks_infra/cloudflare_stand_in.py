"""The stand-in of Cloudflare's API on loopback, for the tests of a module."""

from collections.abc import Iterator

import pytest

from rehearsal.clouds.app import Clouds
from tests.fks_infra.doctor.conftest import answering


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Clouds, str]]:
    """The clouds, and the address of Cloudflare's API."""
    clouds = Clouds()
    with answering(clouds.apps["cloudflare"]) as port:
        yield clouds, f"http://127.0.0.1:{port}/client/v4"


@pytest.fixture
def cloudflare(served: tuple[Clouds, str]) -> tuple[Clouds, str]:
    """The same without any resource, fault or request."""
    clouds, _ = served
    clouds.reset()
    clouds.faults.clear()
    clouds.journal.clear()
    return served
