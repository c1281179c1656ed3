"""Values survive the conversion in both directions; others are errors."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.codec import UNKNOWN_MARKS, decode, encode
from rehearsal.plugins.values import (
    ARCHIVE_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    Asset,
    Secret,
    plain,
    secret,
)

VALUES: dict[str, Any] = {
    "nothing": None,
    "yes": True,
    "whole": 22,
    "part": 0.5,
    "text": "a",
    "list": [1, "b", [False]],
    "object": {"a": {"b": Secret("inner")}},
    "later": UNKNOWN,
    "secret": Secret({"key": Secret("k")}),
    "file": Asset({"hash": "h", "path": "/x"}),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_survives_both_conversions(name: str) -> None:
    assert decode(encode({name: VALUES[name]})) == {name: VALUES[name]}


@pytest.mark.parametrize("mark", UNKNOWN_MARKS)
def test_every_kind_of_unknown_is_read(mark: str) -> None:
    assert decode(encode({"a": mark})) == {"a": UNKNOWN}


def test_a_whole_number_is_read_as_one() -> None:
    assert isinstance(decode(encode({"a": 3.0}))["a"], int)


def test_a_property_with_an_unknown_signature_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown property signature 'resource'"):
        decode(encode({"a": {SIGNATURE_KEY: "resource"}}))


def test_an_archive_is_not_modelled() -> None:
    with pytest.raises(ProviderError, match="not modelled: an archive"):
        decode(encode({"a": {SIGNATURE_KEY: ARCHIVE_SIGNATURE, "path": "/x"}}))


def test_an_object_that_is_no_property_is_an_error() -> None:
    with pytest.raises(TypeError, match="not a property value"):
        encode({"a": object()})


def test_secrets_are_opened_at_any_depth() -> None:
    value = {"a": [{"b": Secret({"c": Secret("d")})}]}
    assert plain(value) == {"a": [{"b": {"c": "d"}}]}


def test_a_secret_is_not_nested() -> None:
    assert secret(secret("a")) == Secret("a")
    assert secret(None) is None


def test_a_secret_does_not_show_itself() -> None:
    assert "canary" not in repr(Secret("canary"))
