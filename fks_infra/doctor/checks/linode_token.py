"""Is the Linode token valid, and does it have the scopes the program needs?"""

import re
from collections.abc import Iterator

from fks_infra.clouds.credentials import BUCKET_SCOPE, LINODE_SCOPES
from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.linode import NEW_TOKEN
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.rejection import rejection


def linode_token(context: CheckContext) -> Iterator[CheckResult]:
    """Every valid token may read the profile; a header of that response has the scopes."""
    try:
        scopes = context.linode.token_scopes()
    except RejectedError as error:
        yield rejection(error)
        return
    listed = " ".join(scopes.split())
    if listed in ("", "unknown"):
        yield unknown("LINODE_TOKEN (hidden) is valid; Linode does not report its scopes")
    elif lacking := missing_scopes(scopes, bucket=bool(context.stack.bucket)):
        yield problem(
            f"LINODE_TOKEN (hidden) has {listed} and lacks {' '.join(lacking)}", NEW_TOKEN
        )
    else:
        yield ok(f"valid, with {listed}")


def missing_scopes(scopes: str, *, bucket: bool) -> list[str]:
    """The scopes that the program needs, also for a bucket, and the header does not list."""
    present = set(re.split(r"[\s,]+", scopes))
    needed = (*LINODE_SCOPES, *((BUCKET_SCOPE,) if bucket else ()))
    return [scope for scope in needed if not present & {"*", scope, *_wider(scope)}]


def _wider(scope: str) -> set[str]:
    area = scope.partition(":")[0]
    return {f"{area}:*", f"{area}:read_write"}
