"""The records of the stack's names."""

from dataclasses import replace

import pytest

from fks_infra.clouds.http import RejectedError
from fks_infra.doctor.checks.names import names
from fks_infra.doctor.findings import Verdict
from fks_infra.remote.inventory import Inventory
from tests.fks_infra.doctor.conftest import ZONE, MakeContext, StandIns, problems, result, results


def test_every_name_resolves_to_its_server(context: MakeContext, stand_ins: StandIns) -> None:
    found = result(names, context(stand_ins.deploy()))
    assert (found.verdict, found.detail) == (
        Verdict.OK,
        "4 of 4 names resolve to their server alone",
    )


def test_other_kinds_of_records_do_not_matter(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    stand_ins.record(ZONE, "v=spf1 -all", "TXT")
    assert result(names, context(inventory)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("kind", "content"), [("A", "100.64.0.77"), ("A", "203.0.113.9"), ("AAAA", "2001:db8::1")]
)
def test_a_second_record_is_a_problem_with_its_id(
    context: MakeContext, stand_ins: StandIns, kind: str, content: str
) -> None:
    inventory = stand_ins.deploy()
    number = stand_ins.record(f"api.{ZONE}", content, kind)
    (found,) = problems(names, context(inventory))
    assert f"api.{ZONE} has the {kind} record {content} (id {number})" in found.detail
    assert ("outside of the tailnet" in found.detail) is (content == "203.0.113.9")
    assert found.remedy.endswith(f"with {content} (id {number})")


def test_a_name_with_another_address_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    moved = tuple(
        replace(server, address="100.64.9.9") if server.name == "auth" else server
        for server in inventory.servers
    )
    wrong, missing = problems(names, context(Inventory(servers=moved)))
    assert "should resolve to 100.64.9.9 of auth alone" in wrong.detail
    assert f"auth.{ZONE} has no A record with 100.64.9.9" in missing.detail
    assert missing.remedy == "pulumi up --refresh --stack prod"


def test_a_cname_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    number = stand_ins.record(f"docs.{ZONE}", "elsewhere.example", "CNAME")
    found = problems(names, context(inventory, extraNames=["docs"]))
    assert f"CNAME record elsewhere.example (id {number})" in found[0].detail


def test_a_new_name_with_a_record_made_by_hand_is_to_be_adopted(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.record(f"docs.{ZONE}", "203.0.113.9", comment="by hand")
    found = problems(names, context(inventory, extraNames=["docs"]))
    assert [item.remedy for item in found] == [
        "fks adopt-dns --stack prod",
        "pulumi up --refresh --stack prod",
    ]


def test_an_address_outside_of_the_tailnet_is_a_problem(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    public = tuple(replace(server, address="203.0.113.5") for server in inventory.servers)
    for name in (ZONE, f"www.{ZONE}", f"api.{ZONE}", f"auth.{ZONE}"):
        stand_ins.record(name, "203.0.113.5")
    found = problems(names, context(Inventory(servers=public)))
    assert any("which is not in 100.64.0.0/10" in item.detail for item in found)


def test_before_the_first_deployment_only_foreign_records_are_problems(
    context: MakeContext, stand_ins: StandIns
) -> None:
    stand_ins.record(f"api.{ZONE}", "100.64.0.77", comment="fks prod")
    assert result(names, context()).verdict is Verdict.UNKNOWN
    number = stand_ins.record(f"auth.{ZONE}", "203.0.113.9", comment="by hand")
    (found,) = problems(names, context())
    assert f"(id {number}), which this stack did not make" in found.detail
    assert found.remedy == "fks adopt-dns --stack prod"


def test_unreadable_outputs_are_the_reason(context: MakeContext) -> None:
    found = result(names, context(Inventory(error="passphrase must be set")))
    assert found.verdict is Verdict.UNKNOWN
    assert "passphrase must be set" in found.detail


def test_records_that_may_not_be_read_are_unknown(
    context: MakeContext, stand_ins: StandIns
) -> None:
    inventory = stand_ins.deploy()
    stand_ins.fail("cloudflare", "dns_records$", 403)
    found = results(names, context(inventory))
    assert {item.verdict for item in found} == {Verdict.UNKNOWN}
    assert "answered 403" in found[0].detail


def test_a_zone_the_token_does_not_see_stops_the_check(context: MakeContext) -> None:
    with pytest.raises(RejectedError):
        results(names, context(zone="other.example"))
