"""Documented commands of the operator and on servers, in an order in which each has its use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.documented_commands.in_the_world import IN_THE_WORLD
from tests.documented_commands.parameters import parameters
from tests.documented_commands.rows import Place, Run, Wait

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

# In place of the operator's answer to "Do you want to perform this update?"
YES = "PULUMI_SKIP_CONFIRMATIONS=true"


def run(scenario: Scenario, row: Run, command: str) -> str:
    """The output; RemoteCommandError if the command or what belongs to it fails."""
    script = row.script(command)
    if row.place is Place.OPERATOR:
        return scenario.operator.output(["env", YES, "bash", "-c", script])
    return scenario.on_server(row.server, "su", "--login", "deploy", "--command", script)


@contextmanager
def reboot_of(scenario: Scenario, server: str) -> Iterator[None]:
    """Wait until the server has restarted; the command may end with its shell."""
    before = scenario.started_at(server)
    with suppress(RemoteCommandError):
        yield
    wait_until(f"{server} has restarted", lambda: scenario.not_restarted(server, before), 120)


@pytest.mark.parametrize(("row", "command"), parameters(IN_THE_WORLD))
def test_it_works(multi: Scenario, row: Run, command: str) -> None:
    if row.wait is Wait.REBOOTED:
        with reboot_of(multi, row.server):
            run(multi, row, command)
    else:
        output = run(multi, row, command)
        assert row.output in output, output
    if row.wait is not Wait.NOTHING:
        wait_until("all services answer", multi.unhealthy, 240)


def test_all_of_it_leaves_nothing(multi: Scenario) -> None:
    assert multi.remaining_resources() == []
