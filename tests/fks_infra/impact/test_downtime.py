"""Seconds of outages, and who notices them."""

from typing import Any

from fks_infra.impact.downtime import _NOTICES, MEASURED_SECONDS, notices, seconds
from fks_infra.roles import SERVICES
from tests.world import test_replacements as world


def test_the_measured_seconds_are_those_of_the_world() -> None:
    test: Any = world.test_an_announced_replacement_takes_seconds
    (services,) = test.pytestmark
    assert dict.fromkeys(services.args[1], world.ANNOUNCED_SECONDS) == MEASURED_SECONDS


def test_every_service_has_somebody_who_notices() -> None:
    assert set(_NOTICES) == {service.name for service in SERVICES}


def test_an_unknown_service_has_a_general_text() -> None:
    assert (seconds("new"), notices("new")) == (None, "whatever uses new")
