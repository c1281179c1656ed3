"""Runs the benchmark in a new world and prints a table with minimum, median and maximum."""

from __future__ import annotations

import json
import time
from importlib import metadata
from pathlib import Path

from rich.table import Table

from rehearsal.bench import load
from rehearsal.bench.backups import measure_backups
from rehearsal.bench.commands import measure_commands
from rehearsal.bench.flatten import declarations, flatten
from rehearsal.bench.hop import measure_hop
from rehearsal.bench.joining import Joining, boot_to_ping, measured
from rehearsal.bench.served import measure_served
from rehearsal.bench.timing import Figure, ratios
from rehearsal.world import docker_api as api
from rehearsal.world import images
from rehearsal.world import world as worlds
from rehearsal.world.engine_events import server_seconds
from rehearsal.world.operator import UP, Operator
from rehearsal.world.progress import console, step
from rehearsal.world.scenario import Scenario
from rehearsal.world.world import World

HERE = Path(__file__).parent
SERVERS = ("auth", "api", "web")
PREVIEW = ("pulumi", "preview", "--non-interactive")


def bench(runs: int) -> None:
    """Measure up, preview, memory, the tailnet, the edges and backups; print the tables."""
    client = worlds.prepare()
    images.build(client, load.IMAGE)
    worlds.stop(client, keep_cache=True)
    world = worlds.start(client)
    try:
        with Scenario.create(world, "prod") as scenario:
            scenario.set("fks:protect", "false")
            figures = measure_up(scenario, runs)
            figures.append(measure_rebuild(scenario, runs))
            figures += measure_commands(scenario, runs)
            figures += measure_preview(world, runs)
            figures.append(measure_memory(world.operator, runs))
            figures += measure_hop(scenario, runs)
            served, memory = measure_served(scenario, runs)
            figures += served
            figures += measure_backups(scenario, runs)
    finally:
        worlds.stop(client, keep_cache=True)
    show(figures)
    console.print(memory.table())


def measure_up(scenario: Scenario, runs: int) -> list[Figure]:
    """Compare `up` of three new servers with the slowest server's resources in the same run.

    Also measures how soon after their boot web and api reach each other in the tailnet.
    """
    values, joinings = list[float](), list[Joining]()
    chains: dict[str, list[float]] = {name: [] for name in SERVERS}
    for number in range(1, runs + 1):
        with step(f"up, run {number} of {runs}") as current:
            wall, joined = up_once(scenario)
            events = scenario.operator.events()
            for name in SERVERS:
                chains[name].append(server_seconds(events, name))
            slowest = max(chain[-1] for chain in chains.values())
            current.detail = (
                f"{wall:.1f} s, slowest server {slowest:.0f} s, "
                f"web pings api after {joined.seconds:.1f} s, {joined.kind}"
            )
            values.append(wall / slowest)
            joinings.append(joined)
        if number < runs and scenario.destroy().code != 0:
            raise RuntimeError("pulumi destroy failed; the next run needs new servers: see above")
    name = "up of three servers / slowest server"
    return [
        Figure(name, tuple(values), "x", "<= 1.3"),
        *(Figure(f"up of {name}", tuple(chain), "s") for name, chain in chains.items()),
        boot_to_ping(joinings),
    ]


def measure_rebuild(scenario: Scenario, runs: int) -> Figure:
    """Replace web alone: servers that are created together share the cores of this machine."""
    seconds = []
    for number in range(1, runs + 1):
        with step(f"rebuild of web, run {number} of {runs}"):
            scenario.set("fks:generation.web", str(number))
            run_up(scenario)
            seconds.append(server_seconds(scenario.operator.events(), "web"))
    return Figure("rebuild of web", tuple(seconds), "s")


def up_once(scenario: Scenario) -> tuple[float, Joining]:
    """Run `up`; return its seconds, and how web and api joined the tailnet."""
    with measured(scenario) as joining:
        started = time.monotonic()
        run_up(scenario)
        wall = time.monotonic() - started
    return wall, joining.result()


def run_up(scenario: Scenario) -> None:
    """Run `up`. RuntimeError if it fails."""
    if scenario.up().code != 0:
        raise RuntimeError("pulumi up failed: see above")


def measure_preview(world: World, runs: int) -> list[Figure]:
    """Time an unchanged preview, alternating with a flat and an empty program."""
    operator = world.operator
    create_programs(world)
    ours, flat, empty = list[float](), list[float](), list[float]()
    places = ((ours, "/srv/fks"), (flat, "/srv/flat"), (empty, "/srv/empty"))
    for number in range(runs + 1):
        for values, place in places:
            started = time.monotonic()
            operator.output(["env", "-C", place, *PREVIEW, "--expect-no-changes"])
            if number:  # the first round warms the caches
                values.append(time.monotonic() - started)
    return [
        ratios("preview / preview of a flat program", ours, flat, "<= 1.5"),
        Figure("preview", tuple(ours), "s"),
        Figure("preview of the flat program", tuple(flat), "s"),
        Figure("preview of an empty program", tuple(empty), "s"),
    ]


def create_programs(world: World) -> None:
    """Create the flat and the empty program, with states that they do not change."""
    operator, container = world.operator, world.operator.container
    exported = json.loads(operator.output(["pulumi", "stack", "export", "--show-secrets"]))
    versions = {
        name: metadata.version(f"pulumi-{name}")
        for name in ("cloudflare", "command", "linode", "random", "tailscale")
    }
    rows = declarations(exported["deployment"], versions)
    exported["deployment"] = flatten(exported["deployment"], "flat")
    operator.output(["mkdir", "-p", "/srv/flat", "/srv/empty"])
    for name in ("flat", "empty"):
        files = {path.name: path.read_bytes() for path in (HERE / name).iterdir() if path.is_file()}
        api.put_files(container, f"/srv/{name}", files)
        operator.output(
            ["env", "-C", f"/srv/{name}", "pulumi", "stack", "select", "--create", name]
        )
    state = {
        "resources.json": json.dumps(rows).encode(),
        "state.json": json.dumps(exported).encode(),
    }
    api.put_files(container, "/srv/flat", state, mode=0o600)
    operator.output(["sh", "-c", "cp -r /srv/fks/.fks /srv/flat/ && rm -f /srv/flat/.fks/keep"])
    operator.output(["env", "-C", "/srv/flat", "pulumi", "stack", "import", "--file", "state.json"])
    operator.output(["rm", "/srv/flat/state.json"])
    operator.output(["env", "-C", "/srv/empty", "pulumi", *UP, "--non-interactive"])


def measure_memory(operator: Operator, runs: int) -> Figure:
    """Return the kernel's peak memory of the program's process."""
    values = []
    for _ in range(runs):
        output = operator.output(["operator-peak", "program.py", *PREVIEW])
        values.append(int(output.splitlines()[-1]) / 1024)
    return Figure("peak memory of the program", tuple(values), "MiB")


def show(figures: list[Figure]) -> None:
    """Print all figures as one table."""
    table = Table(title="Benchmark", title_justify="left")
    for column in ("figure", "runs", "min", "median", "max", "goal"):
        table.add_column(column)
    for figure in figures:
        table.add_row(*figure.row())
    console.print(table)
