"""The comment of a preview has operations, names, types and URNs, and no value."""

import json
from typing import Any

import pytest

from fks_infra.delivery.drift import Outcome
from fks_infra.delivery.preview import read

URN = "urn:pulumi:prod::fks::fks:infra:AuthServer$fks:infra:Machine${type}::{name}"
INSTANCE = URN.format(type="linode:index/instance:Instance", name="auth-machine-instance")
KEY = URN.format(type="tailscale:index/tailnetKey:TailnetKey", name="auth-machine-tailnet-key")


STACK = "urn:pulumi:prod::fks::pulumi:pulumi:Stack::fks-prod"


def preview(*steps: tuple[str, str], **changes: Any) -> str:
    """As the engine prints it, with a secret in every place that has values."""
    canary = {"inputs": {"key": "tskey-canary"}, "outputs": {"key": "tskey-canary"}}
    rows = [
        {"op": op, "urn": urn, "oldState": canary, "newState": canary, "detailedDiff": {"key": {}}}
        for op, urn in steps
    ]
    document = {
        "config": {"fks:deployKey": "tskey-canary"},
        "steps": rows,
        "diagnostics": [
            {"severity": "warning", "message": "tskey-canary", "urn": KEY},
            {"severity": "error", "message": "tskey-canary"},
            {"severity": "warning", "message": "warning: fks:acceptDataLoss is set\n"},
            {"severity": "warning", "message": "both are paid", "urn": STACK},
        ],
        "changeSummary": {},
    }
    return json.dumps({**document, **changes})


def test_a_change_is_shown_without_any_value() -> None:
    found = read(preview(("update", INSTANCE), ("create", KEY), ("same", KEY)))
    assert found.outcome is Outcome.DRIFT
    text = found.document()
    assert text.startswith("Pulumi would change: 1 create, 1 update.\n")
    row = f"| update | auth-machine-instance | `linode:index/instance:Instance` | `{INSTANCE}` |"
    assert row in text
    assert "canary" not in text


def test_the_warnings_of_the_program_are_shown_and_none_of_a_provider() -> None:
    found = read(preview(("update", INSTANCE)))
    assert found.warnings == ("fks:acceptDataLoss is set", "both are paid")
    text = found.with_warnings()
    listed = "- Warning: fks:acceptDataLoss is set\n- Warning: both are paid\n"
    assert text == f"{listed}\n{found.document()}"
    assert "canary" not in text
    silent = read(preview(("update", INSTANCE), diagnostics=[]))
    assert silent.with_warnings() == silent.document()


@pytest.mark.parametrize("way", [1, -1])
def test_deletions_and_replacements_come_first_in_whatever_order_the_engine_reads(way: int) -> None:
    steps = [("create", KEY), ("update", INSTANCE), ("delete", KEY), ("replace", INSTANCE)][::way]
    operations = [change.operation for change in read(preview(*steps)).changes]
    assert operations == ["replace", "delete", "update", "create"]


def test_a_refresh_alone_is_no_change() -> None:
    found = read(preview(("refresh", INSTANCE), ("same", INSTANCE), ("read", KEY)))
    assert found.outcome is Outcome.SAME
    assert found.document() == "Pulumi would change nothing.\n"


@pytest.mark.parametrize(
    "text",
    ["", "error: no stack", "[]", "{}", '{"steps": [{"op": "same"}], "changeSummary": {}}', "null"],
)
def test_what_is_no_preview_is_unknown(text: str) -> None:
    found = read(text)
    assert found.outcome is Outcome.UNKNOWN
    assert "nothing is known" in found.document()


def test_a_preview_that_failed_is_unknown_although_it_has_steps() -> None:
    document = json.loads(preview(("refresh", INSTANCE)))
    del document["changeSummary"]
    found = read(json.dumps(document))
    assert (found.outcome, found.changes) == (Outcome.UNKNOWN, ())
