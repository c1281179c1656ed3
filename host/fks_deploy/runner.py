"""Runs the steps of a deployment, reports and records them, and rolls back after a failure."""

import time
from typing import Any

from . import containers, deep_health, interrupts, journal, rollback
from .deployment import Deployment, Step
from .errors import DeployError
from .output import Output, now
from .step_report import StepReport
from .upgrade import deploy as upgrade
from .upgrade.record import Record


class Runner:
    """One run of one deployment, started by `user`."""

    def __init__(self, deployment: Deployment, output: Output, user: str) -> None:
        self._deployment = deployment
        self._output = output
        self._started = time.monotonic()
        self._steps = deployment.steps()
        self._report = StepReport(output, max(len(step.name) for step in self._steps))
        self._service_changed = False
        previous = rollback.current(deployment.paths)
        self._entry: dict[str, Any] = {
            "time": now(),
            "who": user,
            "digest": deployment.digest,
            "previous": previous.name if previous else None,
            "steps": self._report.entries,
        }

    def run(self) -> None:
        """All steps in order. Error: that of the first failing step, after the rollback."""
        try:
            for step in self._steps:
                self._run_step(step)
        except BaseException as error:
            self._handle_failure(error)
            raise
        self._finish("ok")
        self._output.show(self._deployment.result())

    def _run_step(self, step: Step) -> None:
        self._service_changed = step.changes_service
        self._report.run(step.name, step.run)

    def _handle_failure(self, error: BaseException) -> None:
        interrupts.ignore()
        self._deployment.close(error)
        self._entry["error"] = str(error) or type(error).__name__
        upgrades = self._upgrades()
        if self._service_changed or upgrades:
            self._show_containers()
            self._roll_back()
            self._undo(upgrades)
        self._finish("failed")

    def _upgrades(self) -> list[Record]:
        """Those that wait for this release: their services do not run."""
        try:
            return upgrade.awaited(self._deployment.compose)
        except (DeployError, OSError) as error:
            self._output.log(f"upgrades: {error}")
            return []

    def _undo(self, upgrades: list[Record]) -> None:
        """An error must not hide that of the deploy; `fks upgrade --back` repeats it."""
        deployment, outcome = self._deployment, self._entry["rollback"]
        current = rollback.current_compose(
            deployment.shell, deployment.paths, deployment.request.address
        )
        if not upgrades or not current or outcome["result"] == "failed":
            return
        try:
            for text in upgrade.undo(current, upgrades):
                self._output.show(text)
        except (DeployError, OSError) as error:
            self._output.show(f"the upgrade is not undone: {error}")

    def _roll_back(self) -> None:
        self._output.show("rolling back to the previous release")
        deployment = self._deployment
        self._entry["rollback"] = outcome = rollback.roll_back(
            deployment.shell,
            deployment.paths,
            deployment.digest,
            deployment.request.address,
            deployment.timeouts,
        )
        self._output.show(outcome["message"])
        self._refresh_deep_health()

    def _refresh_deep_health(self) -> None:
        """Not later, by its timer: until then /health/deep would be that of the failed release."""
        deployment = self._deployment
        try:
            deep_health.refresh(deployment.shell, deployment.paths)
        except (DeployError, OSError) as error:
            self._output.log(f"deep health: {error}")

    def _show_containers(self) -> None:
        """State and last log lines of the failing containers. An error here must not prevent the
        rollback."""
        deployment = self._deployment
        try:
            report = containers.failure_report(deployment.shell, deployment.release.project)
        except Exception as error:  # noqa: BLE001 - any error is reported
            report = f"the state of the containers is not available: {error}"
        if report:
            self._output.show(report)

    def _finish(self, result: str) -> None:
        self._entry["result"] = result
        self._entry["seconds"] = round(time.monotonic() - self._started, 1)
        self._deployment.reserve.release()
        try:
            journal.append(self._deployment.paths.journal, self._entry, self._output.redact)
        except OSError as error:
            self._output.show(f"the journal cannot be written: {error}")
