"""What the provider checks and plans without a call of the API."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from rehearsal.plugins.base import Call, CheckError, Kind, ProviderError, Stored
from rehearsal.plugins.linode.instance import Instance
from rehearsal.plugins.values import UNKNOWN

CALL = Call(log=lambda *_: None, cancelled=threading.Event(), name="web")
USUAL = {"region": "ca-central", "image": "linode/debian13", "label": "fks-prod-web"}


def instance() -> Instance:
    """A resource that makes no call."""
    return Instance(lambda: pytest.fail("the API is called"))


@pytest.mark.parametrize("label", ["x" * 3, "x" * 50, UNKNOWN, None])
def test_a_label_can_have_3_to_50_characters(label: Any) -> None:
    assert instance().check(CALL, {**USUAL, "label": label})["label"] == label


@pytest.mark.parametrize("label", ["x" * 2, "x" * 51])
def test_a_label_of_another_length_is_rejected(label: str) -> None:
    text = r"label to be in the range \(3 - 50\), got x+\. Examine values at 'web\.label'\."
    with pytest.raises(CheckError, match=text):
        instance().check(CALL, {**USUAL, "label": label})


def test_tags_that_are_left_out_are_removed() -> None:
    old = Stored("1", {**USUAL, "type": "g6-standard-1", "tags": ["a"]}, USUAL)
    detailed = instance().diff(CALL, old, USUAL).detailed
    assert detailed is not None
    assert detailed["tags"] is Kind.DELETE


@pytest.mark.parametrize(("name", "value"), [("privateIp", True), ("rootPass", "Another-Pass-22")])
def test_a_change_that_the_program_does_not_make_is_not_modelled(name: str, value: Any) -> None:
    with pytest.raises(ProviderError, match=f"not modelled: an update of {name}"):
        instance().diff(CALL, Stored("1", USUAL, USUAL), {**USUAL, name: value})
