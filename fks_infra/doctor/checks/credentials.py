"""Are the providers' credentials in the environment, and free of stray characters?"""

from collections.abc import Iterator

from fks_infra.clouds.credentials import malformed, malformed_message, missing, repair_command
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem


def credentials(context: CheckContext) -> Iterator[CheckResult]:
    """The program does not start without them. A copied file's line break makes one malformed."""
    problems = [
        problem(absent.message, " ".join(["export", *(f"{name}=..." for name in absent.names)]))
        for absent in missing(context.environ)
    ]
    problems += [
        problem(malformed_message(name), repair_command(name))
        for name in malformed(context.environ)
    ]
    yield from problems or [ok("every provider has its credentials in the environment")]
