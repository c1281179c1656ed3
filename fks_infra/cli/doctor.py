"""How the examination is shown: progress, a table, what to do; or one JSON document."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from fks_infra.doctor import stack_info as subject
from fks_infra.doctor.check_context import Case, Limits
from fks_infra.doctor.findings import Finding, Verdict
from fks_infra.doctor.runner import CHECKS, examine
from fks_infra.errors import OperatorError

WELL, PROBLEMS, CANNOT_RUN = 0, 1, 2
_STYLES = {Verdict.OK: "green", Verdict.PROBLEM: "bold red", Verdict.UNKNOWN: "yellow"}


def run(stack: str, *, as_json: bool, limits: Limits | None = None) -> int:
    """Examine a stack, the selected one if it is empty, and show it; the command's exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        examined = subject.read(stack)
    except OperatorError as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        return CANNOT_RUN
    findings = _examined(Case.of(examined, os.environ, limits), errors, quiet=as_json)
    if as_json:
        sys.stdout.write(document(examined.stack, findings) + "\n")
    else:
        show(Console(highlight=False), findings)
    return WELL if is_well(findings) else PROBLEMS


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is known to be wrong."""
    return all(finding.verdict is not Verdict.PROBLEM for finding in findings)


def document(stack: str, findings: Sequence[Finding]) -> str:
    """{"stack", "ok", "findings": [{"check", "verdict", "detail", "remedy"}]} as JSON."""
    shown = [finding.document() for finding in findings]
    return json.dumps({"stack": stack, "ok": is_well(findings), "findings": shown}, indent=2)


def show(console: Console, findings: Sequence[Finding]) -> None:
    """The table; below it, unbroken to be copied, what mends each problem; and the count."""
    table = Table("verdict", "check", "seen")
    for finding in findings:
        verdict = Text(finding.verdict, style=_STYLES[finding.verdict])
        table.add_row(verdict, finding.check, Text(finding.detail))
    console.print(table)
    for finding in findings:
        if finding.remedy:
            console.print(Text(f"{finding.check}: {finding.detail}", _STYLES[finding.verdict]))
            console.print(Text(f"  {finding.remedy}"), soft_wrap=True)
    counted = Counter(finding.verdict for finding in findings)
    console.print(", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict))


def _examined(case: Case, console: Console, *, quiet: bool) -> list[Finding]:
    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task, left = progress.add_task("", total=len(CHECKS)), list(CHECKS)

        def done(name: str) -> None:
            left.remove(name)
            progress.update(task, advance=1, description=", ".join(left))

        return examine(case, done)
