"""Runs all checks at the same time and returns their findings in the registry's order."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import replace
from functools import partial

from fks_infra.clouds.credentials import CREDENTIALS
from fks_infra.clouds.http import CloudError
from fks_infra.doctor.background import begin
from fks_infra.doctor.check_context import Check, CheckContext
from fks_infra.doctor.findings import CheckResult, Finding, InconclusiveError, unknown
from fks_infra.doctor.registry import CHECKS

# A shorter value is no token, and replacing it would make texts unreadable.
_SECRET_LENGTH = 6


def run_checks(
    context: CheckContext, done: Callable[[str], None], checks: Mapping[str, Check] = CHECKS
) -> list[Finding]:
    """Run the checks within the time limit; `done` is called with the name of each that ends."""
    futures = {name: begin(partial(_run, check, context)) for name, check in checks.items()}
    names = {future: name for name, future in futures.items()}
    with suppress(TimeoutError):
        for future in as_completed(names, timeout=context.limits.check):
            done(names[future])
    return [
        _without_secrets(Finding.of(name, result), context.environ)
        for name, future in futures.items()
        for result in _results(future, context.limits.check)
    ]


def _run(check: Check, context: CheckContext) -> list[CheckResult]:
    return list(check(context))


def _results(future: "Future[list[CheckResult]]", seconds: float) -> Iterator[CheckResult]:
    if not future.done():
        yield unknown(f"it did not end within {seconds:g} s")
    elif (error := future.exception()) is None:
        yield from future.result()
    elif isinstance(error, CloudError):
        # The check that examines the credential has the remedy.
        yield unknown(error.detail)
    elif isinstance(error, InconclusiveError):
        yield unknown(error.detail, error.remedy)
    else:
        # Its text may hold anything, also a token.
        yield unknown(f"a response was not understood ({type(error).__name__})")


def _without_secrets(finding: Finding, environ: Mapping[str, str]) -> Finding:
    """No check writes a credential; a cloud or a tool may repeat one in its message."""
    detail, remedy = finding.detail, finding.remedy
    for name in CREDENTIALS:
        secret = environ.get(name, "").strip()
        if len(secret) >= _SECRET_LENGTH:
            detail = detail.replace(secret, "(hidden)")
            remedy = remedy.replace(secret, "(hidden)")
    return replace(finding, detail=detail, remedy=remedy)
