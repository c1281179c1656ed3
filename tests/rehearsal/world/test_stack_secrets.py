"""Secrets are found in every form in which they may be printed."""

import base64

import pytest

from rehearsal.world.stack_secrets import lines_of, secrets_in

SECRETS = {"password": "a+b/c secret", "token": "other-token"}


@pytest.mark.parametrize(
    "text",
    [
        "set to a+b/c secret.",
        "https://user:a%2Bb%2Fc%20secret@host",
        base64.b64encode(b"a+b/c secret").decode(),
    ],
)
def test_a_secret_is_found_plain_in_a_url_and_in_base64(text: str) -> None:
    assert secrets_in(text, SECRETS) == ["password"]


def test_a_text_without_secrets_has_none() -> None:
    assert secrets_in("a+b/c Secret", SECRETS) == []


def test_a_private_key_is_searched_line_by_line() -> None:
    body = "x" * 32
    key = f"BEGIN PRIVATE KEY------\n{body}\nshort=\nEND PRIVATE KEY--------\n"
    assert dict(lines_of("key", key)) == {"key, line 1": body}


def test_a_short_value_of_one_line_is_searched() -> None:
    assert dict(lines_of("pin", "1234")) == {"pin, line 0": "1234"}
