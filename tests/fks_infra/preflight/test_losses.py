"""Which servers with data a run deletes, rebuilds, shrinks or moves."""

from collections.abc import Callable, Collection
from typing import Any

import pytest

from fks_infra.preflight.losses import Loss, losses
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology

Find = Callable[..., list[Loss]]
PLANS = {"auth": "g6-standard-1", "api": "g6-standard-4", "web": "g6-standard-1"}


def stack(*servers: str, released: bool = True, plan: str = "") -> StateSnapshot:
    """The state with these servers, of generation 1."""
    triggers = {f"{name}-machine-instance": 1 for name in servers}
    return StateSnapshot(
        labels={(INSTANCE, f"fks-prod-{name}"): name for name in servers},
        triggers=triggers
        | ({f"{name}-stack-release": None for name in servers} if released else {}),
        machines={
            f"{name}-machine-instance": (plan or PLANS.get(name, "g6-standard-4"), "ca-central")
            for name in servers
        },
    )


MULTI = stack("auth", "api", "web")
SAME = {"generation": {"auth": 1, "api": 1, "web": 1, "single": 1}, "plan": PLANS}


@pytest.fixture
def find(settings: Callable[..., Any]) -> Find:
    def build(
        state: StateSnapshot,
        missing: Collection[str] = (),
        protected: Collection[str] = (),
        **changes: Any,
    ) -> list[Loss]:
        chosen = settings(**{**SAME, **changes})
        return list(losses(plan_topology(chosen), chosen, state, missing, protected))

    return build


@pytest.mark.parametrize(
    ("changes", "causes"),
    [
        ({}, []),
        ({"image": "linode/debian12"}, []),
        ({"generation": {"api": 2, "auth": 1}}, ["fks:generation.api 1 -> 2 rebuilds"]),
        ({"generation": {"api": 1}}, ["fks:generation.auth 1 -> 0 rebuilds"]),
        (
            {"plan": {**PLANS, "api": "g6-standard-2", "web": "g6-nanode-1"}},
            ["fks:plan.api g6-standard-4 -> g6-standard-2 shrinks"],
        ),
        ({"plan": {**PLANS, "auth": "g6-standard-2"}}, []),
        ({"region": "us-ord"}, 2 * ["fks:region ca-central -> us-ord moves"]),
    ],
)
def test_the_causes_of_losses(find: Find, changes: dict[str, Any], causes: list[str]) -> None:
    assert [one.cause for one in find(MULTI, **changes)] == causes


def test_another_plan_than_an_unknown_one_may_be_smaller(find: Find) -> None:
    (found, _) = find(stack("auth", "api", plan="g0-old"))
    assert found.cause == "fks:plan.auth g0-old -> g6-standard-1 shrinks"


def test_the_other_mode_has_none_of_the_data(find: Find) -> None:
    found = find(MULTI, mode="single")
    assert [(one.server, one.sets, one.successor) for one in found] == [
        ("auth", ("auth",), "single"),
        ("api", ("api",), "single"),
    ]
    (single,) = find(stack("single"))
    assert (single.cause, single.sets) == ("fks:mode multi deletes", ("auth", "api"))
    assert single.successor == "multi"
    assert str(single).endswith("the server single, which holds the data of auth and api.")


def test_a_server_beside_its_successors_is_deleted_as_any_other(find: Find) -> None:
    beside = stack("single", "auth", "api")
    (found,) = find(beside)
    assert (found.server, found.successor) == ("single", "")
    assert find(beside, protected={"fks-prod-single"}) == []
    (half,) = find(stack("single", "auth"))
    assert half.successor == "multi"


def test_protection_prevents_deletion_and_rebuild_by_itself(find: Find) -> None:
    protected = {"fks-prod-api", "fks-prod-auth"}
    assert find(MULTI, protected=protected, generation={}) == []
    assert len(find(MULTI, protected=protected, region="us-ord")) == 2
    assert find(MULTI, protected=protected, mode="single") == []


def test_the_end_of_the_protection_is_judged_as_the_deletion_that_it_allows(find: Find) -> None:
    (found,) = find(MULTI, protected={"fks-prod-api"}, protect=False)
    assert str(found) == (
        "fks:protect true -> false lets pulumi destroy delete the server api, which holds the data "
        "of api."
    )
    assert find(MULTI, protect=False) == []
    assert find(MULTI, protected={"fks-prod-web"}, protect=False) == []


def test_a_server_without_a_release_or_that_is_gone_holds_no_data(find: Find) -> None:
    assert find(stack("auth", "api", released=False), generation={}) == []
    assert find(StateSnapshot(), generation={}) == []
    (found,) = find(MULTI, missing={"fks-prod-api"}, generation={})
    assert found.server == "auth"
