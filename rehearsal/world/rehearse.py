"""The main job: the unchanged program, the real engine, three servers that serve."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rehearsal.world import counters
from rehearsal.world import world as worlds
from rehearsal.world.checks import CHECK_STEPS
from rehearsal.world.engine_events import Event, last_events, server_seconds
from rehearsal.world.operator import STACKS, Operator
from rehearsal.world.progress import Step, step
from rehearsal.world.report import Report
from rehearsal.world.scenario import Scenario
from rehearsal.world.world import World

UP = ("up", "--yes", "--skip-preview")


@dataclass
class Rehearsal:
    """One run of the main job in a world of its own."""

    report: Report
    world: World
    events: list[Event] = field(default_factory=list)

    @property
    def operator(self) -> Operator:
        return self.world.operator

    @contextmanager
    def measured(self, name: str) -> Iterator[Step]:
        """Time a step and count what it cost, by the servers' and the clouds' own logs."""
        before = counters.read(self.world.client)
        with step(name) as current:
            self.report.steps.append(current)
            yield current
        self.report.counters[name] = counters.read(self.world.client) - before


def rehearse(mode: str, overrides: Mapping[str, str]) -> Report:
    """Make a fresh world, bring the servers to life in it, prove it, and leave it running."""
    client = worlds.prepare()
    stack = STACKS[mode]
    with step("clear what an earlier rehearsal left"):
        worlds.stop(client, keep_cache=True)
    there = worlds.start(client, overrides)
    run = Rehearsal(Report(mode), there)
    try:
        bring_up(run, stack, overrides)
        prove(run)
    finally:
        run.report.write()
    run.report.show()
    return run.report


def bring_up(run: Rehearsal, stack: str, overrides: Mapping[str, str]) -> None:
    """Configure the stack and run preview, up, and up again."""
    with step(f"configure the stack {stack}"):
        run.operator.select_stack(stack, run.world.settings() | dict(overrides))
    with run.measured("preview") as current:
        current.changes = run.operator.succeed("preview").operations
    with run.measured("up") as current:
        current.changes = run.operator.succeed(*UP).operations
    run.events = last_events(run.operator)
    with run.measured("up again") as current:
        current.changes = run.operator.succeed(*UP).operations


def prove(run: Rehearsal) -> None:
    """Check the finished world from the operator's place and fill the report."""
    again = next(row for row in run.report.steps if row.name == "up again")
    changed = {name: count for name, count in again.changes.items() if name != "same"}
    run.report.check("second_up_unchanged", not changed, json.dumps(changed or again.changes))
    cost = run.report.counters["up again"]
    quiet = cost.ssh_connections == 0 and cost.bytes_uploaded == 0
    run.report.check(
        "second_up_quiet", quiet, f"{cost.ssh_connections} connections, {cost.bytes_uploaded} bytes"
    )
    for row in run.operator.servers():
        run.report.servers.append(row | judge(run, row))
    scenario = Scenario(run.world, STACKS[run.report.mode])
    for name, proof in CHECK_STEPS.items():
        with step(name) as current:
            run.report.steps.append(current)
            for check in proof(scenario):
                run.report.check(check.name, check.ok, check.detail)


def judge(run: Rehearsal, row: Mapping[str, Any]) -> dict[str, str]:
    """Ask every health URL of a server, as a user would."""
    healthy = 0
    for url in row["health_urls"]:
        started = time.monotonic()
        answer = run.operator.fetch(url)
        ok = '"healthy"' in answer
        healthy += ok
        name = f"health_{url.split('//')[1].split('/')[0]}"
        run.report.check(
            name, ok, f"{url} {answer.strip()[:120]} ({time.monotonic() - started:.2f} s)"
        )
    seconds = server_seconds(run.events, row["name"])
    return {"health": f"{healthy}/{len(row['health_urls'])}", "seconds": f"{seconds:.0f}"}
