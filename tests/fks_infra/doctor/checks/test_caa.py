"""The CAA records an authority finds for the stack's names."""

import pytest

from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.checks.caa import caa, lookup_chain
from fks_infra.doctor.findings import Verdict
from fks_infra.topology.caa import content
from tests.fks_infra.doctor.conftest import ZONE, MakeContext, StandIns, problems, result, results

PLAIN = '0 issue "letsencrypt.org"'
OTHER = '0 issue "ca.example"'
BELOW = {"domain": f"dev.{ZONE}", "zone": ZONE}
ELSEWHERE = {"acmeServer": "https://ca.example/dir"}


def is_ok(context: CheckContext) -> bool:
    """Whether the only result is OK."""
    return result(caa, context).verdict is Verdict.OK


def test_a_lookup_goes_from_the_name_up_to_the_zone() -> None:
    assert lookup_chain("auth.dev.shop.example", "shop.example") == [
        "auth.dev.shop.example",
        "dev.shop.example",
        "shop.example",
    ]
    assert lookup_chain("shop.example", "shop.example") == ["shop.example"]
    assert lookup_chain("auth.workshop.example", "shop.example") == ["auth.workshop.example"]


def test_the_stacks_own_record_is_right(context: MakeContext, stand_ins: StandIns) -> None:
    found = result(caa, context(stand_ins.deploy()))
    assert found.verdict is Verdict.OK
    assert found.detail == "no CAA record stops letsencrypt.org"


@pytest.mark.parametrize("other", [OTHER, '0 issue ";"', '0 iodef "mailto:ops@shop.example"'])
def test_records_for_others_beside_it_change_nothing(
    context: MakeContext, stand_ins: StandIns, other: str
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.record(ZONE, other, "CAA", comment="by hand")
    assert is_ok(context(inventory))


@pytest.mark.parametrize("place", [ZONE, f"auth.{ZONE}"])
def test_a_record_without_validation_methods_allows_every_challenge(
    context: MakeContext, stand_ins: StandIns, place: str
) -> None:
    inventory = stand_ins.deploy()
    number = stand_ins.record(place, PLAIN, "CAA", comment="by hand")
    (found,) = problems(caa, context(inventory))
    assert found.detail == (
        f"{place} has the CAA record {PLAIN} (id {number}), by which letsencrypt.org may issue "
        f"without a DNS-01 challenge"
    )
    assert found.remedy == (
        f"https://dash.cloudflare.com: {ZONE}, DNS, Records: delete the CAA record {place} with "
        f"{PLAIN} (id {number})"
    )


def test_the_records_of_a_name_hide_those_of_the_domain(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    numbers = [stand_ins.record(f"api.{ZONE}", text, "CAA") for text in (OTHER, '0 issue ";"')]
    found = problems(caa, context(inventory))
    assert [item.detail.partition("(id ")[2] for item in found] == [
        f"{number}), which stops letsencrypt.org from issuing" for number in numbers
    ]


def test_a_critical_record_with_an_unknown_tag_blocks_all(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.record(ZONE, '128 policy "x"', "CAA", comment="by hand")
    (found,) = problems(caa, context(inventory))
    assert "which stops every authority that does not know its tag" in found.detail


@pytest.mark.parametrize("deployed", [True, False])
def test_the_zones_record_does_not_matter_to_a_domain_with_its_own(
    context: MakeContext, stand_ins: StandIns, deployed: bool
) -> None:
    stand_ins.record(ZONE, OTHER, "CAA", comment="by hand")
    stand_ins.record(f"dev.{ZONE}", content("letsencrypt.org"), "CAA")
    inventory = stand_ins.deploy() if deployed else None
    assert is_ok(context(inventory, **BELOW))


def test_a_domain_without_a_record_has_the_zones(context: MakeContext, stand_ins: StandIns) -> None:
    number = stand_ins.record(ZONE, OTHER, "CAA", comment="by hand")
    (found,) = problems(caa, context(caaIssuer="", **BELOW))
    assert f"{ZONE} has the CAA record {OTHER} (id {number}), which stops letsenc" in found.detail
    assert f"(id {number}). Or give dev.{ZONE} its own: pulumi config set " in found.remedy
    assert "fks:caaIssuer letsencrypt.org --stack prod" in found.remedy
    stand_ins.record(f"dev.{ZONE}", PLAIN, "CAA", comment="by hand")
    assert is_ok(context(caaIssuer="", **BELOW))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [(OTHER, Verdict.UNKNOWN), ('0 issue ";"', Verdict.PROBLEM), ('0 issuewild ";"', Verdict.OK)],
)
def test_an_authority_without_a_known_name_may_be_unknown(
    context: MakeContext, stand_ins: StandIns, text: str, verdict: Verdict
) -> None:
    stand_ins.record(ZONE, text, "CAA", comment="by hand")
    found = result(caa, context(caaIssuer="", **ELSEWHERE))
    assert found.verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert "pulumi config set fks:caaIssuer NAME --stack prod" in found.remedy


def test_a_deleted_record_of_the_stack_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory, cloud = stand_ins.deploy(), stand_ins.clouds.cloudflare
    (made,) = [row["id"] for row in cloud.all_records() if row["type"] == "CAA"]
    cloud.delete(next(iter(cloud.zones)), made)
    (found,) = problems(caa, context(inventory))
    assert found.detail == f"{ZONE} has no CAA record that lets only letsencrypt.org issue"
    assert found.remedy == "pulumi up --refresh --stack prod"


def test_a_record_that_names_the_former_authority_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    (found,) = problems(caa, context(stand_ins.deploy(), caaIssuer="ca.example", **ELSEWHERE))
    assert found.detail == f"{ZONE} has no CAA record that lets only ca.example issue"


def test_what_the_preview_warns_of_is_a_warning(context: MakeContext, stand_ins: StandIns) -> None:
    found = result(caa, context(stand_ins.deploy(), **ELSEWHERE))
    assert found.verdict is Verdict.WARNING
    assert found.detail.startswith("fks:caaIssuer is 'letsencrypt.org', and fks:acmeServer is")
    assert "fks:caaIssuer NAME --stack prod" in found.remedy


def test_before_the_first_deployment_no_record_is_missing(
    context: MakeContext,
) -> None:
    assert is_ok(context())


def test_records_that_may_not_be_read_are_unknown(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.fail("cloudflare", "dns_records$", 403)
    found = results(caa, context(inventory))
    assert {item.verdict for item in found} == {Verdict.UNKNOWN}
    assert "answered 403" in found[0].detail
