"""The CAA records an authority finds for the stack's names."""

from collections.abc import Callable

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.caa import caa, climb
from fks_infra.doctor.findings import Verdict
from fks_infra.topology.caa import content
from tests.fks_infra.doctor.conftest import ZONE, World, look, one, problems

PLAIN = '0 issue "letsencrypt.org"'
OTHER = '0 issue "ca.example"'
BELOW = {"domain": f"dev.{ZONE}", "zone": ZONE}
ELSEWHERE = {"acmeServer": "https://ca.example/dir"}


def well(case: Case) -> bool:
    """Whether nothing is wrong or unknown."""
    return one(caa, case).verdict is Verdict.OK


def test_a_name_is_looked_for_up_to_the_zone() -> None:
    assert climb("auth.dev.shop.example", "shop.example") == [
        "auth.dev.shop.example",
        "dev.shop.example",
        "shop.example",
    ]
    assert climb("shop.example", "shop.example") == ["shop.example"]
    assert climb("auth.workshop.example", "shop.example") == ["auth.workshop.example"]


def test_the_stacks_own_record_is_right(case: Callable[..., Case], world: World) -> None:
    seen = one(caa, case(world.deploy()))
    assert seen.verdict is Verdict.OK
    assert seen.detail == "no CAA record is in the way of letsencrypt.org"


@pytest.mark.parametrize("other", [OTHER, '0 issue ";"', '0 iodef "mailto:ops@shop.example"'])
def test_what_stands_beside_it_for_others_takes_nothing_away(
    case: Callable[..., Case], world: World, other: str
) -> None:
    inventory = world.deploy()
    world.record(ZONE, other, "CAA", comment="by hand")
    assert well(case(inventory))


@pytest.mark.parametrize("place", [ZONE, f"auth.{ZONE}"])
def test_a_plain_record_undoes_the_proof_by_the_dns(
    case: Callable[..., Case], world: World, place: str
) -> None:
    inventory = world.deploy()
    number = world.record(place, PLAIN, "CAA", comment="by hand")
    (seen,) = problems(look(caa, case(inventory)))
    assert seen.detail == (
        f"{place} has the CAA record {PLAIN} (id {number}), by which letsencrypt.org may issue "
        f"without a proof in the DNS"
    )
    assert seen.remedy == (
        f"https://dash.cloudflare.com: {ZONE}, DNS, Records: delete the CAA record {place} with "
        f"{PLAIN} (id {number})"
    )


def test_the_records_of_a_name_hide_those_of_the_domain(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    numbers = [world.record(f"api.{ZONE}", text, "CAA") for text in (OTHER, '0 issue ";"')]
    seen = problems(look(caa, case(inventory)))
    assert [item.detail.partition("(id ")[2] for item in seen] == [
        f"{number}), which keeps letsencrypt.org from issuing" for number in numbers
    ]


def test_a_critical_record_nobody_knows_stops_everybody(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    world.record(ZONE, '128 policy "x"', "CAA", comment="by hand")
    (seen,) = problems(look(caa, case(inventory)))
    assert "which keeps every authority from issuing that does not know its tag" in seen.detail


@pytest.mark.parametrize("deployed", [True, False])
def test_the_zones_record_does_not_matter_to_a_domain_that_has_one(
    case: Callable[..., Case], world: World, deployed: bool
) -> None:
    world.record(ZONE, OTHER, "CAA", comment="by hand")
    world.record(f"dev.{ZONE}", content("letsencrypt.org"), "CAA")
    inventory = world.deploy() if deployed else None
    assert well(case(inventory, **BELOW))


def test_without_a_record_of_its_own_a_domain_has_the_zones(
    case: Callable[..., Case], world: World
) -> None:
    number = world.record(ZONE, OTHER, "CAA", comment="by hand")
    (seen,) = problems(look(caa, case(caaIssuer="", **BELOW)))
    assert f"{ZONE} has the CAA record {OTHER} (id {number}), which keeps letsenc" in seen.detail
    assert f"(id {number}). Or give dev.{ZONE} its own: pulumi config set " in seen.remedy
    assert "fks:caaIssuer letsencrypt.org --stack prod" in seen.remedy
    world.record(f"dev.{ZONE}", PLAIN, "CAA", comment="by hand")
    assert well(case(caaIssuer="", **BELOW))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [(OTHER, Verdict.UNKNOWN), ('0 issue ";"', Verdict.PROBLEM), ('0 issuewild ";"', Verdict.OK)],
)
def test_an_authority_without_a_known_name_cannot_be_looked_for(
    case: Callable[..., Case], world: World, text: str, verdict: Verdict
) -> None:
    world.record(ZONE, text, "CAA", comment="by hand")
    seen = one(caa, case(caaIssuer="", **ELSEWHERE))
    assert seen.verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert "pulumi config set fks:caaIssuer NAME --stack prod" in seen.remedy


def test_a_record_of_the_stack_that_is_gone_is_a_problem(
    case: Callable[..., Case], world: World
) -> None:
    inventory, cloud = world.deploy(), world.clouds.cloudflare
    (made,) = [row["id"] for row in cloud.all_records() if row["type"] == "CAA"]
    cloud.delete(next(iter(cloud.zones)), made)
    (seen,) = problems(look(caa, case(inventory)))
    assert seen.detail == f"{ZONE} has no CAA record that lets only letsencrypt.org issue"
    assert seen.remedy == "pulumi up --refresh --stack prod"


def test_a_record_that_names_the_former_authority_is_a_problem(
    case: Callable[..., Case], world: World
) -> None:
    (seen,) = problems(look(caa, case(world.deploy(), caaIssuer="ca.example", **ELSEWHERE)))
    assert seen.detail == f"{ZONE} has no CAA record that lets only ca.example issue"


def test_what_the_preview_warns_of_is_unknown(case: Callable[..., Case], world: World) -> None:
    seen = one(caa, case(world.deploy(), **ELSEWHERE))
    assert seen.verdict is Verdict.UNKNOWN
    assert seen.detail.startswith("fks:caaIssuer is 'letsencrypt.org', and fks:acmeServer is")
    assert "fks:caaIssuer NAME --stack prod" in seen.remedy


def test_before_the_first_deployment_no_record_is_missed(case: Callable[..., Case]) -> None:
    assert well(case())


def test_records_that_may_not_be_read_are_unknown(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    world.fail("cloudflare", "dns_records$", 403)
    seen = look(caa, case(inventory))
    assert {item.verdict for item in seen} == {Verdict.UNKNOWN}
    assert "answered 403" in seen[0].detail
