"""`fks doctor`: shows progress, a table of findings and the remedies; or one JSON document."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Column, Table
from rich.text import Text

from fks_infra.doctor import stack_info
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import Finding, Verdict, grouped
from fks_infra.doctor.registry import CHECKS
from fks_infra.doctor.runner import run_checks
from fks_infra.doctor.time_limits import TimeLimits
from fks_infra.errors import OperatorError

# Warnings and unknown results do not change the exit code.
NO_PROBLEM, PROBLEMS, NOT_RUN = 0, 1, 2
_STYLES = {
    Verdict.OK: "green",
    Verdict.WARNING: "yellow",
    Verdict.PROBLEM: "bold red",
    Verdict.UNKNOWN: "cyan",
}


def run(stack: str, *, as_json: bool, limits: TimeLimits | None = None) -> int:
    """Check a stack (the selected one if it is empty) and print the findings.

    Returns the exit code: 0 without a problem, 1 with at least one, 2 if the checks could not run.
    """
    errors = Console(stderr=True, highlight=False)
    try:
        info = stack_info.read(stack)
    except OperatorError as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        return NOT_RUN
    findings = _findings(CheckContext.of(info, os.environ, limits), errors, quiet=as_json)
    if as_json:
        sys.stdout.write(document(info.stack, findings) + "\n")
    else:
        show(Console(highlight=False), findings)
    return PROBLEMS if has_problem(findings) else NO_PROBLEM


def has_problem(findings: Sequence[Finding]) -> bool:
    """Whether a check found a problem."""
    return any(finding.verdict is Verdict.PROBLEM for finding in findings)


def document(stack: str, findings: Sequence[Finding]) -> str:
    """{"stack": name, "ok": no finding is a problem, "findings": [{"check": name in the registry,
    "verdict": "ok" | "warning" | "problem" | "unknown", "detail": what was found, "remedy": command
    or path through a console, "" without one}]} as JSON. A check may have several findings.
    """
    rows = [finding.document() for finding in findings]
    return json.dumps({"stack": stack, "ok": not has_problem(findings), "findings": rows}, indent=2)


def show(console: Console, findings: Sequence[Finding]) -> None:
    """The table; below it each remedy on one line, to be copied; and the count by verdict.

    Checks that the same cause makes unknown share a row.
    """
    rows = grouped(findings)
    table = Table(*(Column(title, overflow="fold") for title in ("verdict", "check", "finding")))
    for finding in rows:
        verdict = Text(finding.verdict, style=_STYLES[finding.verdict])
        table.add_row(verdict, finding.check, Text(finding.detail))
    console.print(table)
    for finding in rows:
        if finding.remedy:
            console.print(Text(f"{finding.check}: {finding.detail}", _STYLES[finding.verdict]))
            console.print(Text(f"  {finding.remedy}"), soft_wrap=True)
    counts = Counter(finding.verdict for finding in findings)
    console.print(", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict))


def _findings(context: CheckContext, console: Console, *, quiet: bool) -> list[Finding]:
    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task, pending = progress.add_task("", total=len(CHECKS)), list(CHECKS)

        def done(name: str) -> None:
            pending.remove(name)
            progress.update(task, advance=1, description=", ".join(pending))

        return run_checks(context, done)
