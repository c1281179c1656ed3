"""Findings that the same cause makes unknown are one row."""

from fks_infra.doctor.findings import CheckResult, Finding, grouped, ok, problem, unknown


def row(check: str, result: CheckResult) -> Finding:
    return Finding.of(check, result)


def test_unknown_findings_of_one_cause_are_grouped_at_the_place_of_the_first() -> None:
    absent, other = unknown("TOKEN is not set"), unknown("no answer")
    findings = [row("a", absent), row("b", ok("fine")), row("c", other), row("d", absent)]
    assert grouped(findings) == [row("a, d", absent), findings[1], findings[2]]


def test_unknown_findings_with_other_remedies_stay_apart() -> None:
    findings = [row("a", unknown("no answer", "wait")), row("b", unknown("no answer", "retry"))]
    assert grouped(findings) == findings


def test_equal_problems_stay_apart() -> None:
    findings = [row("a", problem("gone", "make it")), row("b", problem("gone", "make it"))]
    assert grouped(findings) == findings
