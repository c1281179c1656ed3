"""A plan without a GPU is an error where a service needs one, an unused GPU a notice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fks_infra.config.plans import PLANS
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.roles import api
from fks_infra.roles.role import Service
from fks_infra.topology import gpu
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]
TRAINING = Service(name="training", image="train:1", memory=64, gpu=True)


@pytest.fixture(autouse=True)
def training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The role api has a service for a GPU, and no other role has one."""
    role = replace(api.ROLE, services=(*api.ROLE.services, TRAINING))
    monkeypatch.setattr(gpu, "roles_named", lambda names: (role,) if "api" in names else ())


@pytest.mark.parametrize(("mode", "server"), [("multi", "api"), ("single", "single")])
def test_a_plan_without_a_gpu_is_an_error_with_those_that_have_one(
    settings: Make, mode: str, server: str
) -> None:
    servers = plan_topology(settings(mode=mode)).servers
    (error,) = gpu.gpu_errors(servers, PLANS)
    plan = next(found.plan.id for found in servers if found.name == server)
    assert error.startswith(f"fks:gpu is true, and fks:plan.{server} is {plan!r}, which has no GPU")
    assert "Write one of g2-gpu-rtx4000a1-s, g1-gpu-rtx6000-1 into" in error


def test_a_plan_with_a_gpu_is_accepted(settings: Make) -> None:
    found = settings(gpu=True, plan={"api": "g2-gpu-rtx4000a1-s"})
    topology = plan_topology(found)
    assert topology.servers[1].plan.gpus == 1
    assert not any("GPU" in notice for notice in topology.notices)


def test_an_unused_gpu_is_a_notice(settings: Make) -> None:
    topology = plan_topology(settings(plan={"api": "g2-gpu-rtx4000a1-s"}))
    (notice,) = (notice for notice in topology.notices if "GPU" in notice)
    assert notice.startswith("fks:plan.api is 'g2-gpu-rtx4000a1-s', and no service uses its GPU.")


def test_the_setting_makes_it_an_error_of_the_topology(settings: Make) -> None:
    with pytest.raises(OperatorError, match=r"^fks:gpu is true, and fks:plan\.api"):
        plan_topology(settings(gpu=True))
    assert plan_topology(settings()).servers[1].plan.gpus == 0
