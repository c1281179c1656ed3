"""Can the Cloudflare token see the zone and edit its records?"""

from collections.abc import Iterator

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import RejectedError, Seen, ok, problem, unknown
from fks_infra.doctor.zone import TOKENS_PAGE

_EDIT = "#dns_records:edit"


def zone(case: Case) -> Iterator[Seen]:
    """The zone is there once and active, and its `permissions` have what the program needs."""
    try:
        found = case.zone()
    except RejectedError as error:
        yield problem(error.detail, error.remedy)
        return
    if found.status != "active":
        yield problem(
            f"fks:zone is {found.name!r}, which is {found.status} in Cloudflare, not active",
            f"At the registrar, make {' and '.join(found.name_servers)} its name servers",
        )
    if not found.permissions:
        yield unknown(f"{found.name} is there; Cloudflare does not say what the token may do")
    elif _EDIT not in found.permissions:
        yield problem(
            f"CLOUDFLARE_API_TOKEN (hidden) may not edit the records of {found.name}",
            f"{TOKENS_PAGE}: Edit the token, add Zone, DNS, Edit on {found.name}",
        )
    elif found.status == "active":
        yield ok(f"{found.name} is active and its records may be edited")
