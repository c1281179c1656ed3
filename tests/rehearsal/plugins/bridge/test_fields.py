"""Diffs from tables of fields."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.plugins.base import Kind
from rehearsal.plugins.bridge.fields import Compare, Field, detailed_diff, diff, planned
from rehearsal.plugins.values import UNKNOWN

FIELDS = {
    "name": Field(),
    "zone": Field(replaces=True),
    "size": Field(kept=True),
    "open": Field(default=False),
    "tags": Field(compare=Compare.SET),
    "keys": Field(compare=Compare.LIST, replaces=True),
    "blocks": Field(compare=Compare.BLOCKS),
}


def test_a_missing_input_takes_the_default_or_keeps_the_state() -> None:
    plan = planned(FIELDS, {"size": 7, "open": True, "name": "a"}, {})
    assert (plan["size"], plan["open"], plan["name"]) == (7, False, None)


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_none_and_an_empty_list_are_equal(nothing: Any) -> None:
    assert not diff(FIELDS, {"tags": []}, {"tags": nothing}, ["computed"]).any_changes


def test_a_framework_diff_names_changed_and_computed_properties() -> None:
    found = diff(FIELDS, {"name": "a", "zone": "z"}, {"name": "b", "zone": "y"}, ["computed"])
    assert found.diffs == ["computed", "name", "zone"]
    assert found.replaces == ["zone"]
    assert found.detailed is None


@pytest.mark.parametrize(
    ("name", "old", "new", "paths"),
    [
        ("name", "a", "b", {"name": Kind.UPDATE}),
        ("name", None, "b", {"name": Kind.ADD}),
        ("name", "a", None, {"name": Kind.DELETE}),
        ("name", "a", UNKNOWN, {"name": Kind.UPDATE}),
        ("tags", ["a", "b"], ["c"], {"tags[0]": Kind.UPDATE, "tags[1]": Kind.DELETE}),
        ("tags", ["c"], ["a", "b"], {"tags[0]": Kind.UPDATE, "tags[1]": Kind.ADD}),
        ("tags", ["a", "b"], ["b", "a"], {}),
        ("keys", ["a"], ["a", "b"], {"keys[1]": Kind.ADD_REPLACE}),
        ("keys", ["a", "b"], ["a"], {"keys[1]": Kind.DELETE_REPLACE}),
        ("keys", [{"a": "b"}], [{"a": "c"}], {"keys[0].a": Kind.UPDATE_REPLACE}),
        ("keys", [{}], [{"c": "d"}], {"keys[0].c": Kind.ADD_REPLACE}),
    ],
)
def test_a_detailed_diff_has_paths_and_kinds(
    name: str, old: Any, new: Any, paths: dict[str, Kind]
) -> None:
    assert detailed_diff(FIELDS, {name: old}, {name: new}).detailed == paths


def test_blocks_keep_fields_that_the_program_leaves_out() -> None:
    state = {"blocks": [{"kind": "public", "id": 5}]}
    given = {"blocks": [{"kind": "public", "__defaults": []}, {"kind": "vlan"}]}
    plan = planned(FIELDS, state, given)
    assert plan["blocks"] == [{"kind": "public", "id": 5}, {"kind": "vlan"}]
    assert detailed_diff(FIELDS, state, {"blocks": plan["blocks"]}).detailed == {
        "blocks[1]": Kind.ADD
    }
