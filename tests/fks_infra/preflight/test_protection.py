"""Settings that would delete a protected server."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.protection import check_replacement, protected_labels, removal_errors
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology

LABEL, NAME = "fks-prod-api", "api-machine-instance"
STATE = StateSnapshot(
    labels={(INSTANCE, LABEL): "4000", (INSTANCE, "fks-prod-web"): "4001"},
    protected=frozenset({(INSTANCE, "4000")}),
    triggers={NAME: 1},
)


def test_protection_is_that_of_the_state_and_not_of_a_missing_server() -> None:
    assert protected_labels([LABEL, "fks-prod-web"], {}, STATE) == {LABEL}
    assert protected_labels([LABEL], {LABEL: "4000"}, STATE) == frozenset()


def test_a_mode_without_a_protected_server_is_an_error(settings: Callable[..., Any]) -> None:
    single = plan_topology(settings(mode="single"))
    (error,) = removal_errors(single, "prod", {LABEL})
    assert error.startswith("fks:mode single deletes the protected server api.")
    assert "pulumi config set fks:protect false" in error
    multi = plan_topology(settings())
    assert list(removal_errors(multi, "prod", {LABEL})) == []


def test_another_generation_of_a_protected_server_is_an_error(
    settings: Callable[..., Any],
) -> None:
    server = plan_topology(settings(generation={"api": 2})).servers[1]
    with pytest.raises(OperatorError, match=r"fks:generation\.api 2 replaces the protected server"):
        check_replacement(NAME, server, {LABEL}, STATE)
    check_replacement(NAME, server, frozenset(), STATE)
    check_replacement(NAME, server, {LABEL}, StateSnapshot())
    same = plan_topology(settings(generation={"api": 1})).servers[1]
    check_replacement(NAME, same, {LABEL}, STATE)
