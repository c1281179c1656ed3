"""Runs a deployment's steps, tells and records how it went, and puts things right on failure."""

import signal
import time
from typing import Any

from . import containers, journal, putback
from .deployment import Deployment, Step
from .errors import DeployError
from .output import Output, now


class Runner:
    """One run of one deployment."""

    def __init__(self, deployment: Deployment, output: Output, who: str) -> None:
        self._deployment = deployment
        self._output = output
        self._began = time.monotonic()
        self._steps = deployment.steps()
        self._width = max(len(step.name) for step in self._steps)
        self._touched = False
        previous = putback.current(deployment.paths)
        self._entry: dict[str, Any] = {
            "time": now(),
            "who": who,
            "digest": deployment.digest,
            "previous": previous.name if previous else None,
            "steps": [],
        }

    def run(self) -> None:
        """All steps, in order. Error: the first failing step's, after the put-back."""
        try:
            for step in self._steps:
                self._do(step)
        except BaseException as error:
            self._recover(error)
            raise
        self._finish("ok")
        self._output.say(f"release {self._deployment.digest[:12]} is in service")

    def _do(self, step: Step) -> None:
        self._touched = step.affects
        began = time.monotonic()
        result, note = "failed", ""
        try:
            note = step.act()
            result = "ok"
        finally:
            seconds = round(time.monotonic() - began, 1)
            told = {"note": note} if note else {}
            self._entry["steps"].append(
                {"name": step.name, "seconds": seconds, "result": result, **told}
            )
            verdict = result if result == "ok" else "FAILED"
            name = step.name.ljust(self._width)
            self._output.say(f"{name} {verdict:<7}{seconds:6.1f}s  {note}".rstrip())

    def _recover(self, error: BaseException) -> None:
        signal.alarm(0)
        self._entry["error"] = str(error) or type(error).__name__
        if self._touched:
            self._report()
            self._output.say("putting the previous release back")
            deployment = self._deployment
            self._entry["put_back"] = outcome = putback.put_back(
                deployment.shell,
                deployment.paths,
                deployment.digest,
                deployment.order.address,
                deployment.limits,
            )
            self._output.say(outcome["message"])
        self._finish("failed")

    def _report(self) -> None:
        """The failing containers' own words. Their absence must not stop the put-back."""
        deployment = self._deployment
        try:
            report = containers.failure_report(deployment.shell, deployment.release.project)
        except DeployError as error:
            report = f"containers could not be asked: {error}"
        if report:
            self._output.say(report)

    def _finish(self, result: str) -> None:
        self._entry["result"] = result
        self._entry["seconds"] = round(time.monotonic() - self._began, 1)
        journal.append(self._deployment.paths.journal, self._entry, self._output.redact)
