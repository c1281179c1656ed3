"""Which authority the CAA record names, and where that may be wrong."""

import pytest

from fks_infra.topology.caa import Property, caa_warnings, content, data

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
ELSEWHERE = "https://ca.example/letsencrypt.org"


def test_the_record_has_the_same_content_in_requests_and_responses() -> None:
    assert data("ca.example")["value"] == "ca.example; validationmethods=dns-01"
    assert content("ca.example") == '0 issue "ca.example; validationmethods=dns-01"'


def test_a_record_for_lets_encrypt_with_another_authority_gives_a_warning() -> None:
    (text,) = caa_warnings("letsencrypt.org", ELSEWHERE)
    assert "fks:caaIssuer is 'letsencrypt.org'" in text
    assert f"fks:acmeServer is {ELSEWHERE!r}" in text


@pytest.mark.parametrize(
    ("issuer", "address"),
    [("letsencrypt.org", STAGING), ("ca.example", ELSEWHERE), ("", ELSEWHERE), ("", STAGING)],
)
def test_other_combinations_give_no_warning(issuer: str, address: str) -> None:
    assert list(caa_warnings(issuer, address)) == []


@pytest.mark.parametrize(
    ("shown", "allows", "loosens"),
    [
        (content("ca.example"), True, False),
        ('0 issue "CA.example ;  validationmethods = dns-01 "', True, False),
        ('128 issue "ca.example"', True, True),
        ('0 issue "ca.example; validationmethods=http-01,dns-01"', True, True),
        ('0 issue "ca.example; validationmethods=http-01"', False, True),
        ('0 issue "ca.example; accounturi=https://ca.example/7"', True, True),
        ('0 issue "another.example"', False, False),
        ('0 issue ";"', False, False),
        ('0 issue ""', False, False),
        ('0 issuewild "ca.example"', False, False),
        ('0 iodef "mailto:ops@shop.example"', False, False),
    ],
)
def test_a_record_says_who_may_issue_and_how(shown: str, allows: bool, loosens: bool) -> None:
    record = Property.parse(shown)
    assert (record.allows("ca.example"), record.loosens("ca.example")) == (allows, loosens)
    assert not record.allows("")
    assert not record.blocks_all


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ('128 policy "x"', True),
        ('1 policy "x"', True),
        ('0 policy "x"', False),
        ('128 iodef "mailto:ops@shop.example"', False),
    ],
)
def test_a_critical_tag_that_is_not_known_blocks_all(shown: str, expected: bool) -> None:
    assert Property.parse(shown).blocks_all is expected
