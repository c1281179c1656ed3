"""Is the Linode token good, and good for enough?"""

import re
from collections.abc import Iterator

from fks_infra.config.config_errors import LINODE_RIGHTS
from fks_infra.doctor import linode
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.doctor.web import understood

NEEDED = ("linodes:read_write", "firewall:read_write", "events:read_only")
_REMEDY = (
    f"Make a token at https://cloud.linode.com/profile/tokens (Create a Personal Access Token, "
    f"{LINODE_RIGHTS}) and export it as LINODE_TOKEN"
)


def linode_token(case: Case) -> Iterator[Seen]:
    """The profile is shown to every good token, and the answer's header has its scopes."""
    answer = linode.get(case.environ, "profile", case.limits.call, token=True)
    if answer.status in (401, 403):
        yield problem(f"Linode refuses LINODE_TOKEN (hidden): {answer.status}", _REMEDY)
        return
    understood(answer, "Linode's profile")
    scopes = answer.headers.get("x-oauth-scopes", "")
    if scopes in ("", "unknown"):
        yield unknown("LINODE_TOKEN (hidden) is good; Linode does not say what for")
    elif missing := lacking(scopes):
        have = " ".join(scopes.split())
        yield problem(f"LINODE_TOKEN (hidden) has {have} and lacks {' '.join(missing)}", _REMEDY)
    else:
        yield ok(f"good, with {' '.join(scopes.split())}")


def lacking(scopes: str) -> list[str]:
    """The scopes the program needs and the header's text does not have."""
    have = set(re.split(r"[\s,]+", scopes))
    return [scope for scope in NEEDED if not have & {"*", scope, *_wider(scope)}]


def _wider(scope: str) -> set[str]:
    area = scope.partition(":")[0]
    return {f"{area}:*", f"{area}:read_write"}
