"""After a deploy: what `fks doctor` finds, and every check between and on the servers, again.

Unlike `fks doctor`, a check of the servers that could not run is a failure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.doctor.findings import Finding, Verdict
from fks_infra.errors import OperatorError

# Their results say whether the servers serve.
SERVER_CHECKS = frozenset({"names", "certificates", "tailnet-devices", "tailnet-path", "watch"})
_STEP = "verify-step"


def doctor_failures(findings: Sequence[Finding]) -> Iterator[str]:
    """Problems, and unknown results of the checks of the servers, as `check: detail. remedy`."""
    for finding in findings:
        is_unknown = finding.verdict is Verdict.UNKNOWN and finding.check in SERVER_CHECKS
        if finding.verdict is Verdict.PROBLEM or is_unknown:
            remedy = f". {finding.remedy}" if finding.remedy else ""
            yield f"{finding.check}: {finding.detail}{remedy}"


def certificates(findings: Sequence[Finding]) -> str:
    """What the check of the certificates found: how many, and the first last day."""
    return "; ".join(finding.detail for finding in findings if finding.check == "certificates")


def plan_of(state: str) -> Mapping[str, Any]:
    """What the last `up` checked from outside: the names, health URLs and calls between servers.

    `state` is what `pulumi stack export` prints. OperatorError without such a plan.
    """
    resources = (json.loads(state).get("deployment") or {}).get("resources") or ()
    for resource in resources:
        if resource["urn"].endswith(f"::{_STEP}"):
            plan: Mapping[str, Any] = json.loads(resource["inputs"]["stdin"])
            return plan
    raise OperatorError(
        f"The stack's state has no {_STEP}: no pulumi up of the whole stack has ended, or "
        f"fks:deployVia is public. Run pulumi up without a target."
    )
