"""What to do about the records of one name, by what Cloudflare and the state have."""

import re
from typing import Any

import pytest

from fks_infra.cli.record_adoption import RecordAdoption
from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa

NAME = "auth.shop.example"
SPEC = RecordSpec(resource="dns-auth", role="auth", name=NAME, type="A", stack="prod")
CAA = RecordSpec(
    resource="dns-caa", role="web", name=NAME, type="CAA", stack="prod", issuer="ca.example"
)
CAA_CONTENT = caa.content("ca.example")
WHERE = "in https://dash.cloudflare.com, shop.example, DNS, Records"


def record(number: int, content: str, kind: str = "A", comment: str = "") -> Record:
    return Record(id=f"r{number}", name=NAME, type=kind, content=content, comment=comment)


def lines(
    *records: Record, spec: RecordSpec = SPEC, recorded: str = "", stack: str = "prod"
) -> list[str]:
    """`recorded` is the id of the record that the state has under the spec's name."""
    triggers: dict[str, Any] = {spec.resource: None} if recorded else {}
    state = StateSnapshot(
        ids=frozenset({(RECORD, recorded)} if recorded else ()), triggers=triggers
    )
    adoption = RecordAdoption(
        spec=spec, stack=stack, zone="shop.example", zone_id="z1", records=records, state=state
    )
    return list(adoption.lines())


def adopted(number: int, stack: str = "prod", name: str = "dns-auth") -> str:
    return (
        f"pulumi import cloudflare:index/dnsRecord:DnsRecord {name} z1/r{number} "
        f"--stack {stack} --protect --generate-code=false --yes"
    )


def test_a_record_made_by_hand_is_imported() -> None:
    assert lines(record(1, "203.0.113.9")) == [
        f"# {NAME} has A 203.0.113.9, id r1. This makes it dns-auth of stack prod:",
        adopted(1),
    ]


def test_no_record_or_one_of_the_state_needs_nothing() -> None:
    assert lines() == []
    assert lines(record(1, "100.64.0.7"), recorded="r1") == []


def test_records_of_other_types_do_not_matter() -> None:
    assert lines(record(1, "v=spf1 -all", "TXT"), record(2, "mail.example", "MX")) == []


def test_of_several_the_one_in_the_tailnet_is_adopted_and_the_others_are_listed() -> None:
    printed = lines(
        record(1, "203.0.113.9"),
        record(2, "100.64.0.7"),
        record(3, "100.64.0.8", comment="fks prod"),
        record(4, "2001:db8::1", "AAAA"),
    )
    assert printed[1] == adopted(2)
    assert printed[2:] == [
        f"# {NAME} has A 203.0.113.9, id r1, too. Delete it before pulumi up {WHERE}.",
        f"# {NAME} has A 100.64.0.8, id r3, too. Delete it before pulumi up {WHERE}.",
        f"# {NAME} has AAAA 2001:db8::1, id r4, too. Delete it before pulumi up {WHERE}.",
    ]


def test_of_several_outside_of_the_tailnet_the_first_is_adopted() -> None:
    assert lines(record(1, "203.0.113.9"), record(2, "203.0.113.10"))[1] == adopted(1)


def test_a_record_of_an_interrupted_run_is_adopted_too() -> None:
    assert lines(record(1, "100.64.0.7", comment="fks prod"))[1] == adopted(1)


@pytest.mark.parametrize(("kind", "content"), [("CNAME", "shop.example"), ("AAAA", "2001:db8::1")])
def test_a_record_of_another_type_is_listed_for_deletion(kind: str, content: str) -> None:
    assert lines(record(1, content, kind)) == [
        f"# {NAME} has {kind} {content}, id r1, which cannot become an A record. Delete it "
        f'{WHERE}, or give it the comment "fks prod" there and pulumi up replaces it.'
    ]
    assert lines(record(1, content, kind, comment="fks prod")) == []


def test_a_record_beside_the_stacks_own_is_listed_for_deletion() -> None:
    found = (record(1, "100.64.0.7", comment="fks prod"), record(2, "203.0.113.9"))
    assert lines(*found, recorded="r1") == [
        f"# {NAME} has A 203.0.113.9, id r2, beside dns-auth. Delete it {WHERE}."
    ]


def test_a_record_in_place_of_a_deleted_one_can_be_adopted_after_a_refresh() -> None:
    (line,) = lines(record(2, "203.0.113.9"), recorded="r1")
    assert line.endswith(
        "If the record of the stack was deleted: pulumi refresh --stack prod, then run this again."
    )


def test_only_the_same_caa_record_is_adopted() -> None:
    others = (record(1, '0 issue "ca.example"', "CAA"), record(2, "203.0.113.9"))
    assert lines(*others, spec=CAA) == []
    printed = lines(*others, record(3, CAA_CONTENT, "CAA"), spec=CAA)
    assert printed[1:] == [adopted(3, name="dns-caa")]


def test_the_stacks_name_is_printed_as_given_and_quoted() -> None:
    assert lines(record(1, "203.0.113.9"), stack="org/fks/prod")[1] == adopted(1, "org/fks/prod")
    assert "--stack 'a b' " in lines(record(1, "203.0.113.9"), stack="a b")[1]


def test_no_comment_has_an_effect_in_a_shell() -> None:
    printed = [
        *lines(record(1, "203.0.113.9"), record(2, "2001:db8::1", "AAAA")),
        *lines(record(1, "shop.example", "CNAME")),
        *lines(record(2, "203.0.113.9"), recorded="r1"),
        *lines(record(3, CAA_CONTENT, "CAA"), spec=CAA),
    ]
    comments = [line for line in printed if line.startswith("#")]
    assert len(comments) == 5
    for line in comments:
        unquoted = re.sub(r'"[^"`$]*"', "", line)
        assert not set(unquoted) & set("();<>|&`$'\"")
