"""Names as the DNS has them."""

import pytest

from fks_infra.config.dns_names import ascii_form, is_domain, is_label


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Пример.РФ", "xn--e1afmkfd.xn--p1ai"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        (" Example.org. ", "example.org"),
        ("a..b", "a..b"),
    ],
    ids=["upper case", "decomposed", "ASCII", "empty label"],
)
def test_the_ascii_form_is_the_one_of_the_dns(typed: str, expected: str) -> None:
    assert ascii_form(typed) == expected


@pytest.mark.parametrize("label", ["xn--", "xn--a", "xn--9", "xn--abc-", "xn--\u00fc"])
def test_a_label_that_no_name_is_encoded_to_is_none(label: str) -> None:
    assert not is_label(label)


def test_a_top_level_domain_may_be_internationalised() -> None:
    assert is_domain("example.xn--p1ai")
    assert not is_domain("example.xn--p1ai0")
