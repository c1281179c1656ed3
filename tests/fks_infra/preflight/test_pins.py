from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.preflight.pins import pin_errors
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology


def state(**triggers: int | None) -> StateSnapshot:
    return StateSnapshot(triggers={name.replace("_", "-"): one for name, one in triggers.items()})


@pytest.mark.parametrize(
    ("found", "errors"),
    [
        (state(web_stack_release=None, web_machine_instance=0), 0),
        (state(web_stack_release=None), 0),
        (state(web_stack_release=None, web_machine_instance=1), 1),
        (state(web_machine_instance=0), 1),
        (state(), 1),
    ],
)
def test_a_new_or_replaced_server_cannot_be_pinned(
    settings: Callable[..., Any], found: StateSnapshot, errors: int
) -> None:
    servers = plan_topology(settings()).servers
    texts = list(pin_errors(["web", "single"], servers, found))
    assert len(texts) == errors
    assert all("pulumi config rm --path fks:pin.web" in text for text in texts)
    assert list(pin_errors([], servers, found)) == []
