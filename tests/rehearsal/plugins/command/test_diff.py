"""Diffs by property path; assets are compared by hash."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.plugins.base import Kind
from rehearsal.plugins.command.diff import diff
from rehearsal.plugins.values import UNKNOWN, Asset, Secret

CASES: dict[str, tuple[Any, Any, dict[str, Kind]]] = {
    "nothing": ({"a": 1}, {"a": 1}, {}),
    "a scalar": ({"a": 1}, {"a": 2}, {"a": Kind.UPDATE}),
    "within a map": (
        {"a": {"b": 1, "c": 1}},
        {"a": {"b": 2}},
        {"a.b": Kind.UPDATE, "a.c": Kind.DELETE},
    ),
    "an odd key": ({"a": {"b-c": 1}}, {"a": {"b-c": 2}}, {'a["b-c"]': Kind.UPDATE}),
    "a longer list": ({"a": [1]}, {"a": [1, 2]}, {"a[1]": Kind.ADD}),
    "a shorter list": ({"a": [1, 2]}, {"a": [1]}, {"a[1]": Kind.DELETE}),
    "within a secret": ({"a": Secret({"b": 1})}, {"a": Secret({"b": 2})}, {"a": Kind.UPDATE}),
    "secrecy alone": ({"a": 1}, {"a": Secret(1)}, {"a": Kind.UPDATE}),
    "an unknown": ({"a": "b"}, {"a": UNKNOWN}, {"a": Kind.UPDATE}),
    "a new trigger": ({}, {"triggers": [1]}, {"triggers": Kind.ADD_REPLACE}),
    "another trigger": ({"triggers": [1]}, {"triggers": [2]}, {"triggers[0]": Kind.UPDATE}),
    "no trigger": ({"triggers": [1]}, {}, {"triggers": Kind.DELETE_REPLACE}),
    "the path of a file": (
        {"a": Asset({"hash": "h", "path": "/x"})},
        {"a": Asset({"hash": "h", "path": "/y"})},
        {},
    ),
    "the content of a file": (
        {"a": Asset({"hash": "h", "path": "/x"})},
        {"a": Asset({"hash": "i", "path": "/x"})},
        {"a": Kind.UPDATE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_paths_and_kinds_are(case: str) -> None:
    olds, news, expected = CASES[case]
    found = diff(olds, news)
    assert found.detailed == expected
    assert found.any_changes == bool(expected)


def test_only_whole_triggers_are_listed_as_replacing() -> None:
    assert diff({}, {"triggers": [1]}).replaces == ["triggers"]
    assert diff({"triggers": [1]}, {"triggers": [2]}).replaces == []
