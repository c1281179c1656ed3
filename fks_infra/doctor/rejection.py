"""The result of a check that a cloud rejected."""

from fks_infra.clouds.credentials import CredentialError
from fks_infra.clouds.http import RejectedError
from fks_infra.doctor.findings import CheckResult, problem, unknown


def rejection(error: RejectedError) -> CheckResult:
    """The result of the check that examines what a cloud rejected; other checks only stop.

    Raises a CredentialError again: the check `credentials` reports it.
    """
    if isinstance(error, CredentialError):
        raise error
    return problem(error.detail, error.remedy) if error.remedy else unknown(error.detail)
