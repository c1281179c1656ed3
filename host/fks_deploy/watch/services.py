"""Checks of the services: containers, the answers of this server and of those it calls."""

from collections.abc import Iterator

from ..containers import Container
from ..probe import Probe
from . import queue
from .cgroup import Group
from .context import Context
from .problem import Problem

# Percent of a container's memory limit
MEMORY_LIMIT = 95.0


def containers(context: Context) -> Iterator[Problem]:
    """Those that do not run or are not healthy. One that somebody stopped has exited with 0."""
    for one in context.containers:
        if one.failing or (one.status == "exited" and one.restarts):
            health = one.health.get("Status", "not checked")
            text = f"container {one.service} is {one.status}, health {health}"
            command = f"sudo docker logs --tail 100 {one.name}"
            yield Problem(f"container {one.service}", text, command)
    for one in context.unexpected:
        text = f"container {one.service} runs although its stack is stopped"
        command = "sudo /usr/local/lib/fks/current/bin/stack stop"
        yield Problem(f"container {one.service}", text, command)


def container_memory(context: Context) -> Iterator[Problem]:
    """From the files of the control groups: `docker stats` takes seconds of CPU."""
    for one in context.containers:
        usage = memory(context, one)
        percent = 100 * usage[0] / usage[1] if usage else 0.0
        if usage and percent > MEMORY_LIMIT:
            text = f"container {one.service} uses {percent:.0f} % of its {usage[1] >> 20} MiB"
            command = f"pulumi config set --path fks:services.{one.service}.memory MIB"
            yield Problem(f"memory {one.service}", f"{text}, limit {MEMORY_LIMIT:.0f} %", command)


def memory(context: Context, one: Container) -> tuple[int, int] | None:
    """Used bytes and limit; None while it does not run."""
    # The names that Docker gives the group with systemd and without.
    mount = context.root / "sys/fs/cgroup"
    names = (f"system.slice/docker-{one.id}.scope", f"docker/{one.id}")
    return next((found for name in names if (found := Group(mount, name).memory())), None)


def own_answers(context: Context) -> Iterator[Problem]:
    """Through the edge, by the names that users have."""
    for probe in context.settings.own:
        if problem := own_answer(context, probe):
            yield problem


def peer_answers(context: Context) -> Iterator[Problem]:
    """The deep health of the servers that this one calls: a dead server reports nothing itself."""
    for probe in context.settings.peers:
        if problem := _answer(context, probe, "fks doctor (on the operator's machine)"):
            yield problem


def own_answer(context: Context, probe: Probe) -> Problem | None:
    """What is wrong with one answer of this server."""
    return _answer(context, probe, "sudo docker ps -a")


def answer_key(probe: Probe) -> str:
    """The key of a problem with an answer."""
    return f"answer {probe.name}"


def _answer(context: Context, probe: Probe, command: str) -> Problem | None:
    reason = probe.request(probe.host, context.paths.secrets)
    command = f"curl -sS {probe.url}; {command}"
    return Problem(answer_key(probe), f"{probe.url}: {reason}", command) if reason else None


def queue_round_trip(context: Context) -> Iterator[Problem]:
    trip = None if context.settings.is_stopped(queue.WORKER) else queue.load(context.paths)
    if trip and trip.late(context.now):
        text = f"the task through the queue was last checked {trip.age(context.now):.0f} s ago"
        yield Problem("queue age", text, "systemctl list-timers 'fks-*'")
    elif trip and trip.failing:
        text = "no worker returns a task that is sent through the queue"
        name = f"{context.settings.project}-{queue.WORKER}-1"
        yield Problem("queue", text, f"sudo docker logs --tail 100 {name}")
