"""`--accept-data-loss`: the setting during one `pulumi up`."""

import json
from pathlib import Path

import pytest

from fks_infra.cli.accepted_loss import accepted, check
from fks_infra.errors import OperatorError
from tests.fks_infra.cli.test_rollback import calls

SET = "config set --plaintext --path fks:acceptDataLoss"
REMOVE = "config rm --path fks:acceptDataLoss"


def configure(pulumi: Path, *servers: str) -> None:
    """What the stack's file has."""
    value = {"fks:acceptDataLoss": {"value": json.dumps(servers)}}
    (pulumi / "present").write_text(json.dumps(value if servers else {}))


def test_it_is_set_during_the_block_and_removed_afterwards(pulumi: Path) -> None:
    with accepted("prod", ["api", "auth", "api"]):
        assert calls(pulumi, "config set") == [
            f"{SET}[0] api --stack prod",
            f"{SET}[1] auth --stack prod",
        ]
        assert calls(pulumi, "config rm") == []
    assert calls(pulumi, "config rm") == [f"{REMOVE} --stack prod"]


def test_what_the_operator_has_set_stays(pulumi: Path) -> None:
    configure(pulumi, "single")
    with pytest.raises(KeyboardInterrupt), accepted("prod", ["api", "single", "auth"]):
        raise KeyboardInterrupt
    assert calls(pulumi, "config set") == [
        f"{SET}[1] api --stack prod",
        f"{SET}[2] auth --stack prod",
    ]
    assert calls(pulumi, "config rm") == [
        f"{REMOVE}[2] --stack prod",
        f"{REMOVE}[1] --stack prod",
    ]


@pytest.mark.parametrize("servers", [[], ["api"]])
def test_nothing_is_changed_for_nothing_new(pulumi: Path, servers: list[str]) -> None:
    configure(pulumi, "api")
    with accepted("prod", servers):
        pass
    assert calls(pulumi, "config set") == calls(pulumi, "config rm") == []


def test_an_unknown_name_is_refused() -> None:
    check(["api", "single"])
    with pytest.raises(OperatorError, match="--accept-data-loss: 'ap' is not a server; did you"):
        check(["api", "ap"])
