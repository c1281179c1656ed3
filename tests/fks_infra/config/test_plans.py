"""Linode's plans."""

from fks_infra.config.plans import DEFAULT_PLANS, PLANS, gpu_plans, smallest_shared
from fks_infra.config.schema import declared_keys


def test_the_smallest_shared_plan_that_fits_is_found_in_any_order() -> None:
    plans = dict(sorted(PLANS.items(), reverse=True))
    assert smallest_shared(plans, lambda plan: plan.memory > 1024) == PLANS["g6-standard-1"]
    assert smallest_shared(plans, lambda plan: plan.vcpus == 16) is None


def test_the_plans_with_a_gpu() -> None:
    assert gpu_plans(PLANS) == ["g2-gpu-rtx4000a1-s", "g1-gpu-rtx6000-1"]


def test_the_description_of_the_setting_lists_the_defaults() -> None:
    listed = ", ".join(f"{server} {plan}" for server, plan in DEFAULT_PLANS.items())
    assert f"Defaults: {listed}." in declared_keys()["plan"].description
