"""Seconds per server and counts by operation, from the stack's state and history."""

import json
from typing import Any

import pytest

from fks_infra.delivery.last_update import last_update
from fks_infra.errors import OperatorError

HISTORY = [
    {
        "kind": "update",
        "startTime": "2026-11-26T20:31:22.000Z",
        "result": "succeeded",
        "resourceChanges": {"same": 42, "update": 3, "create": 1, "delete": 0},
    }
]
BEFORE, LATER, LAST = (f"2026-11-26T20:31:{second}Z" for second in ("19.1", "30.2", "41.586011831"))


def state(*resources: tuple[str, str]) -> str:
    rows: list[dict[str, Any]] = [
        {"urn": f"urn:pulumi:prod::fks::{urn}", "modified": modified} for urn, modified in resources
    ]
    rows.append({"urn": "urn:pulumi:prod::fks::pulumi:pulumi:Stack::fks-prod"})
    return json.dumps({"deployment": {"resources": rows}})


def test_a_server_takes_until_its_last_changed_resource() -> None:
    text = state(
        ("fks:infra:ApiServer$fks:infra:Bootstrap$command:remote:Command::api-run", LATER),
        ("fks:infra:ApiServer$fks:infra:ComposeStack$command:remote:Command::api-deploy", LAST),
        ("fks:infra:WebServer::web", BEFORE),
        ("fks:infra:Secrets::secrets", LATER),
    )
    found = last_update(json.dumps(HISTORY), text)
    assert found.servers == pytest.approx({"api": 19.586}, abs=0.001)
    assert found.changes == {"update": 3, "create": 1}
    assert found.document() == (
        "Update succeeded: 1 create, 3 update.\n\n| server | seconds |\n|---|---|\n| api | 20 |\n"
    )


def test_nothing_changed_is_one_sentence() -> None:
    history = [{**HISTORY[0], "resourceChanges": {"same": 62}}]
    assert last_update(json.dumps(history), state()).document() == "Update succeeded: no change.\n"


@pytest.mark.parametrize("history", ["", "[]"])
def test_a_stack_without_an_update_is_an_error(history: str) -> None:
    with pytest.raises(OperatorError, match="The stack has no update yet"):
        last_update(history, state())
