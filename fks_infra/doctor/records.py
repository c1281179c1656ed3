"""The DNS records of several names."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from fks_infra.clouds.cloudflare import DASHBOARD, Record
from fks_infra.clouds.http import CloudError
from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, unknown


def records_of(
    context: CheckContext, names: Iterable[str]
) -> dict[str, Sequence[Record] | CheckResult]:
    """Read all names at the same time; a name that cannot be read has its result instead."""
    read = partial(context.cloudflare.records, context.zone().id)
    futures = together({name: partial(read, name) for name in names}, context.limits.check / 2)
    return {name: _records(name, future) for name, future in futures.items()}


def _records(name: str, future: "Future[list[Record]]") -> Sequence[Record] | CheckResult:
    if not future.done():
        return unknown(f"{name}: Cloudflare did not answer in time")
    error = future.exception()
    if isinstance(error, CloudError):
        return unknown(f"{name}: {error.detail}")
    return future.result()


def deletion(zone: str, record: Record) -> str:
    """The path through Cloudflare's dashboard that deletes a record."""
    return (
        f"{DASHBOARD}: {zone}, DNS, Records: delete the {record.type} "
        f"record {record.name} with {record.content} (id {record.id})"
    )
