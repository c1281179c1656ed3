"""Which records stand in the way of a new one, and what is said of those others made."""

import pytest

from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec, foreign_records, rivals_of
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa

WANTED = RecordSpec(resource="dns-api", role="api", name="api.shop.example", type="A", stack="blue")
CAA = RecordSpec(
    resource="dns-caa",
    role="web",
    name="shop.example",
    type="CAA",
    stack="blue",
    issuer="ca.example",
)


def record(kind: str = "A", content: str = "203.0.113.9", comment: str = "") -> Record:
    return Record(id="r1", name=WANTED.name, type=kind, content=content, comment=comment)


@pytest.mark.parametrize("kind", ["A", "AAAA", "CNAME"])
def test_whatever_leads_somewhere_is_a_rival_unless_the_state_has_it(kind: str) -> None:
    assert rivals_of(WANTED, record(kind), StateSnapshot())
    assert not rivals_of(WANTED, record(kind), StateSnapshot(ids=frozenset({(RECORD, "r1")})))


def test_other_records_are_no_rivals() -> None:
    assert not rivals_of(WANTED, record("TXT", "v=spf1 -all"), StateSnapshot())
    assert not rivals_of(WANTED, record("CAA", caa.content("ca.example")), StateSnapshot())


def test_of_caa_records_only_the_same_one_is_a_rival() -> None:
    assert rivals_of(CAA, record("CAA", caa.content("ca.example")), StateSnapshot())
    for other in ('0 issue "ca.example"', caa.content("letsencrypt.org")):
        assert not rivals_of(CAA, record("CAA", other), StateSnapshot())


def test_what_others_made_is_named_with_the_command_that_takes_it_over() -> None:
    text = foreign_records(WANTED, [record(), record(comment="fks blue")])
    assert text is not None
    assert "not make: A 203.0.113.9 (id r1). Type fks adopt-dns --stack blue: it prints" in text


def test_what_this_stack_left_is_no_stranger() -> None:
    assert foreign_records(WANTED, [record(comment="fks blue")]) is None
    assert foreign_records(WANTED, []) is None
