"""Is the zone active, and may the Cloudflare token edit its records?"""

from collections.abc import Iterator

from fks_infra.clouds.cloudflare import EDIT_RECORDS, TOKENS_PAGE
from fks_infra.clouds.http import RejectedError
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.rejection import rejection


def zone(context: CheckContext) -> Iterator[CheckResult]:
    """Cloudflare lists the token's permissions with the zone."""
    try:
        found = context.zone()
    except RejectedError as error:
        yield rejection(error)
        return
    if found.status != "active":
        yield problem(
            f"fks:zone is {found.name!r}, which is {found.status} in Cloudflare, not active",
            f"At the registrar, make {' and '.join(found.name_servers)} its name servers",
        )
    if not found.permissions:
        yield unknown(f"{found.name} exists; Cloudflare does not list the token's permissions")
    elif EDIT_RECORDS not in found.permissions:
        yield problem(
            f"CLOUDFLARE_API_TOKEN (hidden) may not edit the records of {found.name}",
            f"{TOKENS_PAGE}: Edit the token, add Zone, DNS, Edit on {found.name}",
        )
    elif found.status == "active":
        yield ok(f"{found.name} is active and the token may edit its records")
