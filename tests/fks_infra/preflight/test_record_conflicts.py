"""Which records conflict with a new one, and the error about foreign ones."""

import pytest

from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import (
    RECORD,
    RecordSpec,
    conflicts_with,
    foreign_records_message,
)
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa

SPEC = RecordSpec(resource="dns-api", role="api", name="api.shop.example", type="A", stack="blue")
CAA = RecordSpec(
    resource="dns-caa",
    role="web",
    name="shop.example",
    type="CAA",
    stack="blue",
    issuer="ca.example",
)


def record(kind: str = "A", content: str = "203.0.113.9", comment: str = "") -> Record:
    return Record(id="r1", name=SPEC.name, type=kind, content=content, comment=comment)


@pytest.mark.parametrize("kind", ["A", "AAAA", "CNAME"])
def test_address_records_conflict_unless_the_state_has_them(kind: str) -> None:
    assert conflicts_with(SPEC, record(kind), StateSnapshot())
    assert not conflicts_with(SPEC, record(kind), StateSnapshot(ids=frozenset({(RECORD, "r1")})))


def test_records_of_other_types_do_not_conflict() -> None:
    assert not conflicts_with(SPEC, record("TXT", "v=spf1 -all"), StateSnapshot())
    assert not conflicts_with(SPEC, record("CAA", caa.content("ca.example")), StateSnapshot())


def test_only_an_identical_foreign_caa_record_conflicts() -> None:
    assert conflicts_with(CAA, record("CAA", caa.content("ca.example")), StateSnapshot())
    for other in ('0 issue "ca.example"', caa.content("letsencrypt.org")):
        assert not conflicts_with(CAA, record("CAA", other), StateSnapshot())


def test_a_caa_record_that_this_stack_left_conflicts_whatever_authority_it_names() -> None:
    left = record("CAA", caa.content("letsencrypt.org"), comment=CAA.comment)
    assert conflicts_with(CAA, left, StateSnapshot())
    assert not conflicts_with(CAA, left, StateSnapshot(ids=frozenset({(RECORD, "r1")})))


def test_a_foreign_record_is_named_with_the_command_that_adopts_it() -> None:
    text = foreign_records_message(SPEC, [record(), record(comment="fks blue")])
    assert text is not None
    assert "not make: A 203.0.113.9 (id r1). Run fks adopt-dns --stack blue: it prints" in text


def test_a_record_that_this_stack_left_is_not_foreign() -> None:
    assert foreign_records_message(SPEC, [record(comment="fks blue")]) is None
    assert foreign_records_message(SPEC, []) is None
