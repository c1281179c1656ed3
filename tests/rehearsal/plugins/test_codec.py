"""What the engine sends comes back unchanged, and nothing else is taken for a property."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.plugins.codec import UNKNOWN_MARKS, decode, encode
from rehearsal.plugins.values import (
    SIGNATURE_KEY,
    UNKNOWN,
    Archive,
    Asset,
    Secret,
    has_secret,
    has_unknown,
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
    "tree": Archive({"hash": "h", "assets": {"a": Asset({"hash": "i", "text": "t"})}}),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_survives_the_way_to_the_engine_and_back(name: str) -> None:
    assert decode(encode({name: VALUES[name]})) == {name: VALUES[name]}


@pytest.mark.parametrize("mark", UNKNOWN_MARKS)
def test_every_kind_of_unknown_is_read(mark: str) -> None:
    assert decode(encode({"a": mark})) == {"a": UNKNOWN}


def test_a_whole_number_is_read_as_one() -> None:
    assert isinstance(decode(encode({"a": 3.0}))["a"], int)


def test_a_property_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind 'resource'"):
        decode(encode({"a": {SIGNATURE_KEY: "resource"}}))


def test_an_object_that_is_no_property_is_refused() -> None:
    with pytest.raises(TypeError, match="no property value"):
        encode({"a": object()})


def test_secrets_are_found_and_opened_at_any_depth() -> None:
    value = {"a": [{"b": Secret({"c": Secret("d")})}]}
    assert has_secret(value)
    assert plain(value) == {"a": [{"b": {"c": "d"}}]}
    assert not has_secret(plain(value))


def test_unknowns_are_found_within_secrets_and_archives() -> None:
    assert has_unknown(Secret([UNKNOWN]))
    assert has_unknown(Archive({"assets": {"a": Asset({"text": UNKNOWN})}}))
    assert not has_unknown({"a": "b"})


def test_nothing_is_made_secret_twice() -> None:
    assert secret(secret("a")) == Secret("a")
    assert secret(None) is None


def test_a_secret_does_not_show_itself() -> None:
    assert "canary" not in repr(Secret("canary"))
