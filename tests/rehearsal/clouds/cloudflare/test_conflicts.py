"""Conflicts between the records of one name."""

from typing import Any

import pytest

from rehearsal.clouds.cloudflare.conflicts import check
from rehearsal.clouds.errors import CloudError

CONTENTS = {
    "A": "100.64.0.16",
    "AAAA": "fd7a:115c:a1e0::1",
    "CNAME": "web.example",
    "TXT": "text",
    "CAA": '0 issue "ca.example"',
}


def record(kind: str, content: str = "") -> dict[str, Any]:
    return {"type": kind, "content": content or CONTENTS[kind]}


def code(new: str, old: str, *, at_apex: bool = False) -> int:
    """Cloudflare's code for a new record beside an old one; 0 if it accepts both."""
    try:
        check(record(new, "other.example"), [record(old)], at_apex=at_apex)
    except CloudError as error:
        assert error.status == 400
        return int(error.body["errors"][0]["code"])
    return 0


@pytest.mark.parametrize("kind", ["A", "AAAA", "TXT", "CAA"])
def test_no_record_is_beside_an_alias(kind: str) -> None:
    assert code(kind, "CNAME") == 81054
    assert code("CNAME", kind) == 81053


@pytest.mark.parametrize(
    ("kind", "new", "old"), [("A", 81054, 81053), ("TXT", 0, 0), ("CAA", 0, 0)]
)
def test_at_the_apex_an_alias_excludes_addresses_only(kind: str, new: int, old: int) -> None:
    assert code(kind, "CNAME", at_apex=True) == new
    assert code("CNAME", kind, at_apex=True) == old


@pytest.mark.parametrize("at_apex", [True, False])
def test_a_name_has_one_alias_and_several_of_every_other_type(at_apex: bool) -> None:
    assert code("CNAME", "CNAME", at_apex=at_apex) == 81053
    for kind in ("A", "AAAA", "TXT", "CAA"):
        assert code(kind, kind, at_apex=at_apex) == 0
        assert code(kind, "TXT", at_apex=at_apex) == 0


@pytest.mark.parametrize("kind", CONTENTS)
def test_no_two_records_are_identical(kind: str) -> None:
    with pytest.raises(CloudError, match="81058"):
        check(record(kind), [record(kind)], at_apex=False)
