"""`fks fit`: what each plan would leave of its memory and disk, by measured peaks."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import CANNOT_TELL, code_of, connected, show_unreached, write_json
from fks_infra.impact.stack_file import stack_file
from fks_infra.operate.reports import Reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.plans import peaks, price_list
from fks_infra.plans.fit import Fit, fits
from fks_infra.plans.peaks import Peaks
from fks_infra.plans.screen import fit_reasons, fit_table

PROGRAM = "peaks"


def run(stack: str, names: Sequence[str], *, as_json: bool) -> int:
    """Print a table of plans for these servers, for all without names; returns 0, 1 if a server
    was not reached, 2 if none was: its plans are then judged without peaks.

    JSON: {"stack", "prices", "servers": {name: {"peaks": `Peaks`, or null if it was not reached,
    "plans": [`Fit`]}}}.
    """
    with connected(stack, names) as servers:
        found = servers.run(peaks.KEYS, PROGRAM)
        name = servers.stack
    settings = stack_file(name.rpartition("/")[2]).settings
    with waiting_for("reading prices"):
        prices = price_list.read(os.environ)
    measured = measured_peaks(found)
    judged = {
        server: fits(settings, server, prices, used or Peaks()) for server, used in measured.items()
    }
    if as_json:
        write_json(_document(name, prices.source, measured, judged))
    else:
        _show(measured, judged, prices.source)
    show_unreached(found)
    return code_of(found) if found else CANNOT_TELL


def measured_peaks(found: Reports) -> dict[str, Peaks | None]:
    """Server to its peaks; None where it was not reached."""
    return {
        name: None if isinstance(one, Unreachable) else Peaks.of(one) for name, one in found.items()
    }


def _document(
    stack: str,
    source: str,
    measured: Mapping[str, Peaks | None],
    judged: Mapping[str, Sequence[Fit]],
) -> dict[str, Any]:
    servers = {
        name: {
            "peaks": used.document() if used else None,
            "plans": [one.document() for one in judged[name]],
        }
        for name, used in measured.items()
    }
    return {"stack": stack, "prices": source, "servers": servers}


def _show(
    measured: Mapping[str, Peaks | None], judged: Mapping[str, Sequence[Fit]], source: str
) -> None:
    console = Console(highlight=False)
    for name, found in judged.items():
        console.print(fit_table(name, found))
        for line in fit_reasons(found):
            console.print(line, markup=False, soft_wrap=True)
        console.print(f"{name}: {_basis(measured[name])}", markup=False, soft_wrap=True)
    console.print(f"Prices: {source}. * is the present plan.", markup=False, soft_wrap=True)


def _basis(used: Peaks | None) -> str:
    if used is None:
        return "not reached, so these are the limits alone"
    if not used.samples:
        return "the watch has measured nothing yet, so these are the limits alone"
    parts = [f"memory {used.memory} MiB"]
    parts += [] if used.disk is None else [f"disk {used.disk} MiB"]
    parts += [] if used.cpu is None else [f"CPU {used.cpu:.1f} cores"]
    return f"peaks of {used.days} days, {used.samples} samples: {', '.join(parts)}"
