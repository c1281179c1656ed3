"""Region, image and plans."""

from collections.abc import Callable

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.linode_catalogue import image, plans, region
from fks_infra.doctor.findings import CannotTellError, Verdict
from rehearsal.clouds.linode import catalog
from tests.fks_infra.doctor.conftest import World, look, one, problems

GPU = "g2-gpu-rtx4000a1-s"


def test_what_the_defaults_ask_for_is_sold(case: Callable[..., Case]) -> None:
    seen = [one(check, case()) for check in (region, image, plans)]
    assert [item.verdict for item in seen] == [Verdict.OK] * 3
    assert seen[0].detail == "ca-central (Toronto, CA)"
    assert "auth g6-nanode-1, api g6-standard-2, web g6-nanode-1" in seen[2].detail


def test_the_price_list_needs_no_token(case: Callable[..., Case]) -> None:
    wrong = case(environ={"LINODE_TOKEN": "canary-wrong"})
    assert [one(check, wrong).verdict for check in (region, image, plans)] == [Verdict.OK] * 3


def test_an_unknown_region_is_a_problem_and_its_plans_are_unknown(
    case: Callable[..., Case],
) -> None:
    there = case(region="atlantis")
    seen = one(region, there)
    assert seen.verdict is Verdict.PROBLEM
    assert seen.detail == "fks:region is 'atlantis', which Linode does not know"
    assert seen.remedy.startswith("pulumi config set fks:region REGION --stack prod")
    with pytest.raises(CannotTellError, match="the region atlantis is not known"):
        one(plans, there)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"capabilities": ["Linodes", "Cloud Firewall"]}, "which has no Metadata"),
        ({"status": "outage"}, "Linode reports outage there"),
    ],
)
def test_a_region_that_cannot_is_a_problem(
    case: Callable[..., Case], world: World, change: dict[str, object], text: str
) -> None:
    row = {**(catalog.find("regions", "ca-central") or {}), **change}
    world.fail("linode", "regions/ca-central$", 200, body=row)
    seen = one(region, case())
    assert seen.verdict is Verdict.PROBLEM
    assert text in seen.detail


def test_an_image_without_cloud_init_or_that_is_none_is_a_problem(
    case: Callable[..., Case],
) -> None:
    for name, text in (("slackware15.0", "does not start cloud-init"), ("x", "does not know")):
        seen = one(image, case(image=f"linode/{name}"))
        assert seen.verdict is Verdict.PROBLEM
        assert text in seen.detail
        assert seen.remedy == "pulumi config set fks:image linode/debian13 --stack prod"


def test_a_deprecated_image_still_serves(case: Callable[..., Case], world: World) -> None:
    row = {**(catalog.find("images", "linode/debian13") or {}), "deprecated": True}
    world.fail("linode", "images/", 200, body=row)
    assert one(image, case()).detail == "linode/debian13, which Linode calls deprecated"


def test_an_image_of_ones_own_needs_the_token(case: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError, match="LINODE_TOKEN is not set"):
        one(image, case(image="private/12", environ={"LINODE_TOKEN": ""}))


def test_a_plan_the_region_is_out_of_is_a_problem(case: Callable[..., Case]) -> None:
    (seen,) = problems(look(plans, case(plan={"api": GPU})))
    assert seen.detail == f"fks:plan.api is {GPU!r}, which cannot be had in ca-central now"
    assert seen.remedy == "pulumi config set --path fks:plan.api g6-standard-6 --stack prod"
    assert one(plans, case(plan={"api": GPU}, region="us-ord")).verdict is Verdict.OK


def test_a_plan_that_is_not_sold_any_more_is_a_problem(
    case: Callable[..., Case], world: World
) -> None:
    world.fail("linode", "types/g6-standard-4$", 404)
    seen = one(plans, case(mode="single"))
    assert "fks:plan.single is 'g6-standard-4', which Linode does not sell" in seen.detail
    assert "fks:plan.single g6-standard-6" in seen.remedy


def test_an_overloaded_linode_is_unknown(case: Callable[..., Case], world: World) -> None:
    world.fail("linode", "regions/ca-central$", 503)
    with pytest.raises(CannotTellError, match="answered 503"):
        one(region, case())
