"""One fault from its cause to its repair, with the times of both."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from rehearsal.game_day.diagnosis import Remark
from rehearsal.game_day.fault import Fault, Repair
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import WaitTimeoutError, step, wait_until
from rehearsal.world.scenario import Scenario

REPAIRED_SECONDS = 300


@dataclass(kw_only=True)
class Result:
    """What a fault's row has. `seconds` are None as long as it did not come so far: those until the
    command named the fault, and from the first repair until all is healthy."""

    name: str
    breaks: str
    command: str
    diagnosis: str = ""
    advice: str = ""
    detected_seconds: float | None = None
    repair: tuple[str, ...]
    repair_seconds: float | None = None
    verdict: str = "fail"
    reason: str = ""


def drill(scenario: Scenario, fault: Fault) -> Result:
    """Cause the fault, wait until it is diagnosed, repair it, wait until all is healthy."""
    server = scenario.servers_by_role()[fault.role]
    result = Result(
        name=fault.name,
        breaks=fault.breaks.format(server=server),
        command=f"fks {fault.diagnosis.command}",
        repair=tuple(one.text.format(server=server) for one in fault.repair),
    )
    try:
        _run(scenario, fault, server, result)
    except (RemoteCommandError, WaitTimeoutError) as error:
        result.reason = str(error)
    else:
        result.verdict = "pass"
    return result


def _run(scenario: Scenario, fault: Fault, server: str, result: Result) -> None:
    since = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    if before := fault.diagnosis.read(scenario.operator, server, since):
        raise RemoteCommandError(
            f"not run: {result.command} says this already: {before.text}. "
            f"Next: {'; '.join(result.repair) or result.command}, then this game day again"
        )
    if unhealthy := scenario.unhealthy():
        raise RemoteCommandError(f"not run: the rehearsal is not healthy: {unhealthy}")
    with step(f"{fault.name}: {result.breaks}"), fault.cause(scenario, server):
        started = time.monotonic()
        remark = _detected(scenario, fault, server, since)
        result.diagnosis, result.advice = remark.text, remark.advice
        result.detected_seconds = _since(started)
        started = time.monotonic()
        for one in fault.repair:
            _repair(scenario, one, server)
        _wait_until_repaired(scenario, fault, server, since)
        result.repair_seconds = _since(started)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 1)


def _detected(scenario: Scenario, fault: Fault, server: str, since: str) -> Remark:
    found: list[Remark] = []

    def missing() -> str | None:
        remark = fault.diagnosis.read(scenario.operator, server, since)
        if remark is None:
            return "it does not say so"
        found.append(remark)
        return None

    with step(f"fks {fault.diagnosis.command} names it"):
        wait_until(f"fks {fault.diagnosis.command}", missing, fault.diagnosis.seconds, pause=1)
    return found[0]


def _repair(scenario: Scenario, one: Repair, server: str) -> None:
    text = one.text.format(server=server)
    with step(f"repair: {text}"):
        if one.click:
            one.click(scenario, server)
        elif code := scenario.operator.call(["bash", "-c", text]):
            raise RemoteCommandError(f"{text} exited with {code}")


def _wait_until_repaired(scenario: Scenario, fault: Fault, server: str, since: str) -> None:
    def left() -> str | None:
        remark = fault.diagnosis.read(scenario.operator, server, since)
        if remark and fault.diagnosis.lasting:
            return remark.text
        return scenario.unhealthy()

    with step("all is healthy"):
        wait_until("all is healthy", left, REPAIRED_SECONDS, pause=1)
