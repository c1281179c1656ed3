"""`make game-day`: faults in the running rehearsal, one after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich.console import Console

from fks_infra.errors import OperatorError
from rehearsal.game_day import report
from rehearsal.game_day.drill import Result, drill
from rehearsal.game_day.fault import Fault
from rehearsal.game_day.faults import FAULTS
from rehearsal.world import world as worlds
from rehearsal.world.scenario import Scenario


def listed() -> str:
    """A line for each fault; roles stand for the servers."""
    width = max(len(one.name) for one in FAULTS)
    return "".join(f"{one.name:<{width}}  {one.breaks.format(server=one.role)}\n" for one in FAULTS)


def chosen(names: Sequence[str], faults: Sequence[Fault] = FAULTS) -> list[Fault]:
    """The faults with these names, all without names; OperatorError for an unknown name."""
    known = {one.name: one for one in faults}
    for name in names:
        if name not in known:
            raise OperatorError(
                f"no fault is named {name!r}. Nothing was broken. Next: name one of "
                f"{', '.join(known)}"
            )
    return [known[name] for name in names] if names else list(faults)


def game_day(names: Sequence[str], *, as_json: bool) -> bool:
    """Run the faults, print the results, write report.PATH; whether all passed.

    MachineError if no rehearsal runs, OperatorError for an unknown fault or a rehearsal without
    servers.
    """
    faults = chosen(names)
    scenario = running()
    if len(scenario.operator.servers()) == 1:
        faults = [one for one in faults if not one.several]
    console = Console(highlight=False, file=sys.stderr if as_json else sys.stdout)
    results = _results(scenario, faults, console)
    report.show_table(console, results)
    if as_json:
        sys.stdout.write(json.dumps(report.document(scenario.stack, results), indent=2) + "\n")
    return report.passed(results)


def running() -> Scenario:
    """The stack that is selected in the running rehearsal."""
    world = worlds.running()
    stack = world.operator.stdout(["pulumi", "stack", "--show-name"]).strip()
    scenario = Scenario(world, stack)
    if not stack or not scenario.resources():
        raise OperatorError("the rehearsal has no servers. Nothing was broken. Next: make rehearse")
    return scenario


def _results(scenario: Scenario, faults: Sequence[Fault], console: Console) -> list[Result]:
    """The file is written after each fault, so that an interrupted game day leaves it."""
    results: list[Result] = []
    for fault in faults:
        results.append(drill(scenario, fault))
        report.show(console, results[-1])
        report.write(report.document(scenario.stack, results))
    return results
