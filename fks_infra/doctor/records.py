"""The records of several names, as Cloudflare has them."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from fks_infra.clouds.cloudflare import Record, Zone
from fks_infra.clouds.http import RefusedError, UnavailableError
from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, unknown


def records_of(case: Case, names: Iterable[str]) -> dict[str, Sequence[Record] | Seen]:
    """All are asked for at the same time; one that cannot be read says so and hides no other."""
    zone = Zone.read(case.zone().id, case.environ)
    asked = together({name: partial(zone.records, name) for name in names}, case.limits.check / 2)
    return {name: _answer(name, future) for name, future in asked.items()}


def _answer(name: str, asked: "Future[list[Record]]") -> Sequence[Record] | Seen:
    if not asked.done():
        return unknown(f"{name}: Cloudflare did not answer in time")
    error = asked.exception()
    if isinstance(error, RefusedError | UnavailableError):
        return unknown(f"{name}: {error}")
    return asked.result()


def deletion(zone: str, record: Record) -> str:
    """The way through the console to one record less."""
    return (
        f"https://dash.cloudflare.com: {zone}, DNS, Records: delete the {record.type} "
        f"record {record.name} with {record.content} (id {record.id})"
    )
