"""The records of the stack's names."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.names import names
from fks_infra.doctor.findings import CannotTellError, Verdict
from fks_infra.doctor.inventory import Inventory
from tests.fks_infra.doctor.conftest import ZONE, World, look, one, problems


def test_every_name_leads_to_its_server(case: Callable[..., Case], world: World) -> None:
    seen = one(names, case(world.deploy()))
    assert (seen.verdict, seen.detail) == (
        Verdict.OK,
        "4 of 4 names lead to their server alone",
    )


def test_other_kinds_of_records_do_not_matter(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    world.record(ZONE, "v=spf1 -all", "TXT")
    assert one(names, case(inventory)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("kind", "content"), [("A", "100.64.0.77"), ("A", "203.0.113.9"), ("AAAA", "2001:db8::1")]
)
def test_a_second_record_is_a_problem_by_its_id(
    case: Callable[..., Case], world: World, kind: str, content: str
) -> None:
    inventory = world.deploy()
    number = world.record(f"api.{ZONE}", content, kind)
    (seen,) = problems(look(names, case(inventory)))
    assert f"api.{ZONE} has the {kind} record {content} (id {number})" in seen.detail
    assert ("outside of the tailnet" in seen.detail) is (content == "203.0.113.9")
    assert seen.remedy.endswith(f"with {content} (id {number})")


def test_a_name_that_leads_elsewhere_is_a_problem(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    moved = tuple(
        replace(server, address="100.64.9.9") if server.name == "auth" else server
        for server in inventory.servers
    )
    wrong, missing = problems(look(names, case(Inventory(servers=moved))))
    assert "should lead to 100.64.9.9 of auth alone" in wrong.detail
    assert f"auth.{ZONE} has no A record with 100.64.9.9" in missing.detail
    assert missing.remedy == "pulumi up --refresh --stack prod"


def test_an_alias_is_a_problem(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    number = world.record(f"docs.{ZONE}", "elsewhere.example", "CNAME")
    seen = problems(look(names, case(inventory, extraNames=["docs"])))
    assert f"CNAME record elsewhere.example (id {number})" in seen[0].detail


def test_a_new_name_with_a_record_made_by_hand_is_to_be_adopted(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    world.record(f"docs.{ZONE}", "203.0.113.9", comment="by hand")
    seen = problems(look(names, case(inventory, extraNames=["docs"])))
    assert [item.remedy for item in seen] == [
        "fks adopt-dns --stack prod",
        "pulumi up --refresh --stack prod",
    ]


def test_an_address_outside_of_the_tailnet_is_a_problem(
    case: Callable[..., Case], world: World
) -> None:
    inventory = world.deploy()
    public = tuple(replace(server, address="203.0.113.5") for server in inventory.servers)
    for name in (ZONE, f"www.{ZONE}", f"api.{ZONE}", f"auth.{ZONE}"):
        world.record(name, "203.0.113.5")
    seen = problems(look(names, case(Inventory(servers=public))))
    assert any("which is no tailnet address (100.64.0.0/10)" in item.detail for item in seen)


def test_before_the_first_deployment_only_strangers_records_count(
    case: Callable[..., Case], world: World
) -> None:
    world.record(f"api.{ZONE}", "100.64.0.77", comment="fks prod")
    assert one(names, case()).verdict is Verdict.UNKNOWN
    number = world.record(f"auth.{ZONE}", "203.0.113.9", comment="by hand")
    (seen,) = problems(look(names, case()))
    assert f"(id {number}), which this stack did not make" in seen.detail
    assert seen.remedy == "fks adopt-dns --stack prod"


def test_outputs_that_cannot_be_read_are_the_reason(case: Callable[..., Case]) -> None:
    seen = one(names, case(Inventory(unread="passphrase must be set")))
    assert seen.verdict is Verdict.UNKNOWN
    assert "passphrase must be set" in seen.detail


def test_records_that_may_not_be_read_are_unknown(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    world.fail("cloudflare", "dns_records$", 403)
    seen = look(names, case(inventory))
    assert {item.verdict for item in seen} == {Verdict.UNKNOWN}
    assert "answered 403" in seen[0].detail


def test_a_zone_that_is_not_seen_makes_it_unknown(case: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError):
        look(names, case(zone="other.example"))
