"""Only names that every program on a server reads in the same way are time zones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fks_infra.config import time_zones as module
from fks_infra.config.time_zones import time_zones


@pytest.fixture(autouse=True)
def read_again() -> Iterator[None]:
    time_zones.cache_clear()
    yield
    time_zones.cache_clear()


def test_current_names_by_area_and_city_are_known() -> None:
    current = {"UTC", "America/Toronto", "America/Argentina/Ushuaia", "Africa/Porto-Novo"}
    assert current <= time_zones()


@pytest.mark.parametrize(
    "name",
    ["EST5EDT", "EST", "GMT+5", "Etc/GMT+5", "posix/UTC", "right/UTC", "US/Eastern"],
)
def test_names_of_other_forms_are_unknown(name: str) -> None:
    assert name not in time_zones()


def test_a_name_that_debian_has_only_in_its_legacy_package_is_unknown() -> None:
    assert "Asia/Calcutta" not in time_zones()
    assert "Asia/Kolkata" in time_zones()


def test_without_the_table_the_form_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TZPATH", (str(tmp_path),))
    monkeypatch.setattr(
        module, "available_timezones", lambda: {"Europe/Paris", "EST5EDT", "Etc/GMT+5", "US/Hawaii"}
    )
    assert time_zones() == {"UTC", "Europe/Paris"}
