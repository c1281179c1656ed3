"""Conversions between names of properties and of fields."""

from __future__ import annotations

import pytest

from rehearsal.plugins.bridge.names import camel, camels, present, snake, snakes


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("zone_id", "zoneId"),
        ("flatten_cname", "flattenCname"),
        ("ipv4_only", "ipv4Only"),
        ("network_out", "networkOut"),
        ("label", "label"),
    ],
)
def test_a_name_converts_in_both_directions(field: str, name: str) -> None:
    assert camel(field) == name
    assert snake(name) == field


def test_digits_lose_their_underscores_as_in_the_bridge() -> None:
    assert camel("vpc_nat_1_1") == "vpcNat11"


def test_names_are_converted_at_any_depth_and_values_are_not() -> None:
    document = {"a_b": [{"c_d": "e_f"}]}
    assert camels(document) == {"aB": [{"cD": "e_f"}]}
    assert snakes(camels(document)) == document


def test_only_nulls_are_left_out() -> None:
    assert present({"a": None, "b": False, "c": "", "d": []}) == {"b": False, "c": "", "d": []}
