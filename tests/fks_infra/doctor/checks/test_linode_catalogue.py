"""Region, image and plans."""

import pytest

from fks_infra.clouds.credentials import CredentialError
from fks_infra.clouds.http import UnavailableError
from fks_infra.doctor.checks.linode_catalogue import image, plans, region
from fks_infra.doctor.findings import InconclusiveError, Verdict
from rehearsal.clouds.linode import catalog
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, problems, result

GPU = "g2-gpu-rtx4000a1-s"


def test_the_defaults_are_available(context: MakeContext) -> None:
    found = [result(check, context()) for check in (region, image, plans)]
    assert [item.verdict for item in found] == [Verdict.OK] * 3
    assert found[0].detail == "ca-central (Toronto, CA)"
    assert "auth g6-nanode-1, api g6-standard-2, web g6-nanode-1" in found[2].detail


def test_the_price_list_needs_no_token(context: MakeContext) -> None:
    wrong = context(environ={"LINODE_TOKEN": "canary-wrong"})
    assert [result(check, wrong).verdict for check in (region, image, plans)] == [Verdict.OK] * 3


def test_an_unknown_region_is_a_problem_and_its_plans_are_unknown(
    context: MakeContext,
) -> None:
    there = context(region="atlantis")
    found = result(region, there)
    assert found.verdict is Verdict.PROBLEM
    assert found.detail == "fks:region is 'atlantis', which Linode does not know"
    assert found.remedy.startswith("pulumi config set fks:region REGION --stack prod")
    with pytest.raises(InconclusiveError, match="the region atlantis is not known"):
        result(plans, there)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"capabilities": ["Linodes", "Cloud Firewall"]}, "which has no Metadata"),
        ({"status": "outage"}, "where Linode reports outage"),
    ],
)
def test_a_region_without_what_is_needed_is_a_problem(
    context: MakeContext,
    stand_ins: StandIns,
    change: dict[str, object],
    text: str,
) -> None:
    row = {**(catalog.find("regions", "ca-central") or {}), **change}
    stand_ins.fail("linode", "regions/ca-central$", 200, body=row)
    found = result(region, context())
    assert found.verdict is Verdict.PROBLEM
    assert text in found.detail


def test_an_unknown_image_or_one_without_cloud_init_is_a_problem(
    context: MakeContext,
) -> None:
    for name, text in (("slackware15.0", "does not run cloud-init"), ("x", "does not know")):
        found = result(image, context(image=f"linode/{name}"))
        assert found.verdict is Verdict.PROBLEM
        assert text in found.detail
        assert found.remedy == "pulumi config set fks:image linode/debian13 --stack prod"


def test_a_deprecated_image_is_a_warning(context: MakeContext, stand_ins: StandIns) -> None:
    row = {**(catalog.find("images", "linode/debian13") or {}), "deprecated": True}
    stand_ins.fail("linode", "images/", 200, body=row)
    found = result(image, context())
    assert found.verdict is Verdict.WARNING
    assert found.detail == "fks:image is 'linode/debian13', which Linode has deprecated"
    assert found.remedy.startswith("pulumi config set fks:image ")


def test_a_private_image_needs_the_token(context: MakeContext) -> None:
    with pytest.raises(CredentialError, match="LINODE_TOKEN is not set"):
        result(image, context(image="private/12", environ={"LINODE_TOKEN": ""}))


def test_a_plan_that_is_sold_out_is_a_problem(context: MakeContext) -> None:
    (found,) = problems(plans, context(plan={"api": GPU}))
    assert found.detail == f"fks:plan.api is {GPU!r}, which is sold out in ca-central"
    assert found.remedy == "pulumi config set --path fks:plan.api g6-standard-6 --stack prod"
    assert result(plans, context(plan={"api": GPU}, region="us-ord")).verdict is Verdict.OK


def test_an_unknown_plan_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    stand_ins.fail("linode", "types/g6-standard-4$", 404)
    found = result(plans, context(mode="single"))
    assert "fks:plan.single is 'g6-standard-4', which Linode does not sell" in found.detail
    assert "fks:plan.single g6-standard-6" in found.remedy


def test_an_overloaded_linode_is_unknown(context: MakeContext, stand_ins: StandIns) -> None:
    stand_ins.fail("linode", "regions/ca-central$", 503)
    with pytest.raises(UnavailableError, match="answered 503"):
        result(region, context())
