"""What the last step of `pulumi up` checks."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.release.probes import verify_plan
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


def test_checks_that_need_a_stopped_stack_say_so(settings: Make) -> None:
    topology = plan_topology(settings())
    addresses = {server.name: "100.64.0.1" for server in topology.servers}
    plan = verify_plan(topology, addresses, {}, {"api": "api is stopped", "auth": "", "web": ""})
    found = {check["name"]: check.get("stopped") for check in plan["checks"]}
    assert found == {
        "auth-edge": None,
        "auth": None,
        "api-edge": "api is stopped",
        "api": "api is stopped",
        "web-edge": None,
        "web": None,
        "web to api": "api is stopped",
    }
