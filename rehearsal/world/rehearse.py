"""`make rehearse`: runs the unchanged program in a new world, checks it, writes a report."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rehearsal.world import counters
from rehearsal.world import world as worlds
from rehearsal.world.checks import CHECK_STEPS, SIDE_BY_SIDE
from rehearsal.world.engine_events import Event, server_seconds
from rehearsal.world.names import STACKS
from rehearsal.world.operator import UP, Operator
from rehearsal.world.progress import Step, console, finished, step
from rehearsal.world.report import Report
from rehearsal.world.scenario import Scenario
from rehearsal.world.timeline import timeline
from rehearsal.world.toolchain import operator_tools
from rehearsal.world.world import World


@dataclass
class Rehearsal:
    """One run: its world, its report, and the engine's events of the first `up`."""

    report: Report
    world: World
    events: list[Event] = field(default_factory=list)

    @property
    def operator(self) -> Operator:
        return self.world.operator

    @contextmanager
    def measured(self, name: str, expected: int | None = None) -> Iterator[Step]:
        """Add a timed step and the increase of the counters to the report."""
        before = counters.read(self.world.client)
        with step(name, expected) as current:
            self.report.steps.append(current)
            yield current
        self.report.counters[name] = counters.read(self.world.client) - before


def rehearse(mode: str, overrides: Mapping[str, str]) -> Report:
    """Start a new world, create the servers, run all checks; the world keeps running."""
    client = worlds.prepare()
    with step("remove the previous world"):
        worlds.stop(client, keep_cache=True)
    world = worlds.start(client, overrides)
    run = Rehearsal(Report(mode, operator_tools(world.operator)), world)
    try:
        create_servers(run, overrides)
        run_checks(run)
    finally:
        run.report.write()
    console.print(timeline(finished))
    run.report.show()
    return run.report


def create_servers(run: Rehearsal, overrides: Mapping[str, str]) -> None:
    """Configure the stack and run preview, up, and up again."""
    stack = STACKS[run.report.mode]
    with step(f"configure the stack {stack}"):
        run.operator.select_stack(stack, run.world.settings() | dict(overrides))
    with run.measured("preview") as current:
        current.changes = run.operator.must_succeed("preview").operations
    with run.measured("up", expected=90) as current:
        current.changes = run.operator.must_succeed(*UP).operations
    run.events = run.operator.events()
    with run.measured("up again") as current:
        current.changes = run.operator.must_succeed(*UP).operations


def run_checks(run: Rehearsal) -> None:
    """Check the second `up`, every server and the finished world; add the results to the report."""
    check_second_up(run.report)
    for row in run.operator.servers():
        run.report.servers.append(row | check_health(run, row))
    scenario = Scenario(run.world, STACKS[run.report.mode])
    for together, names in groupby(CHECK_STEPS, key=SIDE_BY_SIDE.__contains__):
        with ThreadPoolExecutor(max_workers=len(SIDE_BY_SIDE) if together else 1) as executor:
            list(executor.map(lambda name: run_step(run.report, name, scenario), names))


def run_step(report: Report, name: str, scenario: Scenario) -> None:
    """Run the checks of one step; add it and their results to the report."""
    with step(name) as current:
        report.steps.append(current)
        for check in CHECK_STEPS[name](scenario):
            report.check(check.name, check.ok, check.detail)


def check_second_up(report: Report) -> None:
    """Check that `up again` changed nothing, opened no SSH connection and uploaded nothing."""
    second = next(row for row in report.steps if row.name == "up again")
    changed = {name: count for name, count in second.changes.items() if name != "same"}
    report.check("second_up_unchanged", not changed, json.dumps(changed or second.changes))
    cost = report.counters["up again"]
    quiet = cost.ssh_connections == 0 and cost.bytes_uploaded == 0
    detail = f"{cost.ssh_connections} SSH connections, {cost.bytes_uploaded} bytes uploaded"
    report.check("second_up_quiet", quiet, detail)


def check_health(run: Rehearsal, row: Mapping[str, Any]) -> dict[str, str]:
    """Fetch a server's health URLs; return the table's cells ``health`` and ``seconds``."""
    healthy = 0
    for url in row["health_urls"]:
        started = time.monotonic()
        body = run.operator.fetch(url)
        seconds = time.monotonic() - started
        ok = '"healthy"' in body
        healthy += ok
        name = f"health_{url.split('//')[1].split('/')[0]}"
        run.report.check(name, ok, f"{url} {body.strip()[:120]} ({seconds:.2f} s)")
    took = server_seconds(run.events, row["name"])
    return {"health": f"{healthy}/{len(row['health_urls'])}", "seconds": f"{took:.0f}"}
