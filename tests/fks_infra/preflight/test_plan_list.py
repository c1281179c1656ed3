"""The plans of a run are Linode's; the dated copy is only for when Linode does not answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from fks_infra.clouds.linode import Linode
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.config.plans import COPIED, PLANS
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.preflight.plan_list import read_plans
from fks_infra.topology.planning import plan_topology
from tests.fks_infra.conftest import ScriptedApi
from tests.in_memory_clouds import plan_row

Make = Callable[..., Settings]
LIST = "/v4/linode/types?page=1&page_size=500"
AT_ONCE = RetryPolicy(seconds=0)
NEW = replace(PLANS["g6-standard-4"], id="g9-standard-4", memory=9216, price=50.0)


@pytest.fixture
def linode(api: ScriptedApi) -> Linode:
    sold = [*PLANS.values(), NEW]
    api.respond("GET", LIST, (200, {"data": [plan_row(plan) for plan in sold], "pages": 1}))
    return Linode.from_environ({"LINODE_URL": api.base})


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", found.append)
    return found


def test_a_plan_that_the_copy_lacks_is_used_with_its_memory(linode: Linode, settings: Make) -> None:
    chosen = settings(plan={"api": NEW.id})
    topology = plan_topology(chosen, read_plans(linode, chosen))
    assert topology.servers[1].plan == NEW


def test_a_plan_that_has_a_successor_is_read_alone(
    linode: Linode, api: ScriptedApi, settings: Make
) -> None:
    old = replace(NEW, id="g5-standard-4")
    api.respond("GET", f"/v4/linode/types/{old.id}", (200, plan_row(old)))
    assert read_plans(linode, settings(plan={"api": old.id}))[old.id] == old


def test_an_unknown_plan_is_an_error_with_the_nearest_ones(linode: Linode, settings: Make) -> None:
    with pytest.raises(OperatorError) as raised:
        read_plans(linode, settings(plan={"api": "g9-standard-3"}))
    text = str(raised.value)
    assert text.startswith("fks:plan.api is 'g9-standard-3', which Linode does not sell; did you")
    assert "mean g9-standard-4? " in text


def test_the_plan_of_a_server_of_the_other_mode_is_not_checked(
    linode: Linode, settings: Make
) -> None:
    assert "x-y-1" not in read_plans(linode, settings(plan={"single": "x-y-1"}))


def test_the_copy_is_used_with_a_warning_while_linode_does_not_answer(
    linode: Linode, api: ScriptedApi, settings: Make, warnings: list[str]
) -> None:
    api.respond("GET", LIST, (503, ""))
    assert read_plans(linode, settings(), AT_ONCE) == PLANS
    (warning,) = warnings
    assert f"answered 503. Plans and prices are those of {COPIED}." in warning


def test_a_plan_that_only_linode_knows_needs_linode(
    linode: Linode, api: ScriptedApi, settings: Make
) -> None:
    api.respond("GET", LIST, (503, ""))
    with pytest.raises(OperatorError) as raised:
        read_plans(linode, settings(plan={"api": NEW.id}), AT_ONCE)
    text = str(raised.value)
    assert text.startswith("fks:plan.api is 'g9-standard-4', and Linode cannot be asked")
    assert "answered 503. Try again in a while, or write one of g6-nanode-1, " in text


def test_a_request_that_is_rejected_is_an_error(
    linode: Linode, api: ScriptedApi, settings: Any
) -> None:
    api.respond("GET", LIST, (400, ""))
    with pytest.raises(OperatorError, match="answered 400"):
        read_plans(linode, settings())
