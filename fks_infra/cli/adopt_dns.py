"""How records that Cloudflare already has become the stack's own: lines to read and to paste."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fks_infra.cli.record_adoption import Place
from fks_infra.clouds.cloudflare import Record, Zone
from fks_infra.clouds.http import RefusedError, UnavailableError
from fks_infra.components.dns_records import record_specs
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor import stack_info as subject
from fks_infra.doctor.findings import CannotTellError
from fks_infra.doctor.stack_info import Subject
from fks_infra.doctor.zone import find
from fks_infra.errors import OperatorError
from fks_infra.preflight.state import StateSnapshot, held

# Cloudflare may take so long to tell which zone it is.
_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Zoned:
    """The stack's zone: its id, and the records it holds for each of the stack's names."""

    id: str
    records: Mapping[str, Sequence[Record]]


def text(stack: str, environ: Mapping[str, str]) -> str:
    """What to do, for the selected stack if `stack` is empty; OperatorError if nobody can tell."""
    examined = subject.read(stack)
    state = held(json.loads(pulumi("stack", "export", "--stack", examined.stack)))
    return "".join(f"{line}\n" for line in lines(examined, asked(examined, environ), state))


def asked(examined: Subject, environ: Mapping[str, str]) -> Zoned:
    """Ask Cloudflare; OperatorError where it does not answer or does not let this token see."""
    name = examined.zone
    try:
        zone = Zone.read(find(name, environ, _SECONDS).id, environ)
        records = {host.fqdn: zone.records(host.fqdn) for host in examined.names}
    except CannotTellError as error:
        usual = (
            f"Export CLOUDFLARE_API_TOKEN (Zone:Read and DNS:Edit on {name}), see that this "
            f"machine reaches Cloudflare, and try again"
        )
        raise OperatorError(f"{error.detail}. {error.remedy or usual}.") from None
    except RefusedError as error:
        raise OperatorError(f"The records of {name} were not shown: {error}") from None
    except UnavailableError as error:
        raise OperatorError(f"Cloudflare did not answer: {error}. Try again in a while.") from None
    return Zoned(id=zone.id, records=records)


def lines(examined: Subject, zone: Zoned, state: StateSnapshot) -> list[str]:
    """What to do about each record that is in the way, or that nothing is."""
    stack, told = examined.stack, list[str]()
    for spec in record_specs(examined.names, examined.short_name, examined.caa_issuer):
        place = Place(
            spec=spec,
            stack=stack,
            zone=examined.zone,
            zone_id=zone.id,
            found=zone.records[spec.name],
            state=state,
        )
        told += place.lines()
    if not told:
        return [f"# Nothing to adopt: no record of {examined.zone} is in the way of stack {stack}."]
    return [*told, f"# After that: pulumi preview --stack {stack}, then pulumi up --stack {stack}"]
