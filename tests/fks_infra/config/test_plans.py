"""Linode's plans."""

from fks_infra.config.plans import DEFAULT_PLANS, PLANS, smallest_standard
from fks_infra.config.schema import declared_keys


def test_smallest_standard_walks_up_the_shared_plans() -> None:
    assert smallest_standard(1025) == PLANS["g6-standard-1"]
    assert smallest_standard(10**6) is None


def test_the_description_of_the_setting_lists_the_defaults() -> None:
    listed = ", ".join(f"{server} {plan}" for server, plan in DEFAULT_PLANS.items())
    assert f"Defaults: {listed}." in declared_keys()["plan"].description
