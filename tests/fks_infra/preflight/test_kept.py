from collections.abc import Callable
from typing import Any

from fks_infra.preflight.kept import kept_errors
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology


def test_a_server_that_was_never_made_cannot_be_kept(settings: Callable[..., Any]) -> None:
    topology = plan_topology(settings(mode="multi", keep=["single"]))
    (error,) = kept_errors(topology, StateSnapshot())
    assert "fks:keep names single" in error
    assert "fks:mode single" in error
    made = StateSnapshot(triggers={"single-machine-instance": 0})
    assert list(kept_errors(topology, made)) == []
    assert list(kept_errors(plan_topology(settings(mode="multi")), StateSnapshot())) == []
