"""Which auth keys an interrupted run left."""

from fks_infra.preflight.auth_keys import KEY, orphaned_keys
from fks_infra.preflight.state import StateSnapshot


def test_keys_that_the_state_has_are_kept() -> None:
    state = StateSnapshot(ids=frozenset({(KEY, "k1"), ("other:type", "k2")}))
    assert orphaned_keys(["k1", "k2", "k3"], state) == ["k2", "k3"]
