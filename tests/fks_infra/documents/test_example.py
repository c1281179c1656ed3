"""The example stack has the settings' defaults."""

import pytest

from fks_infra.config.schema import declared_keys
from fks_infra.documents.example import example_settings


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_it_has_the_defaults(mode: str) -> None:
    found, keys = example_settings(mode), declared_keys()
    assert (found.mode, found.domain) == (mode, "example.org")
    assert found.region == keys["region"].default
    assert found.extra_names == tuple(keys["extraNames"].default)
    assert found.plan["api"] == "g6-standard-2"
