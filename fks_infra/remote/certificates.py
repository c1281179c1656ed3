"""The newest backup certificate of each data set of a server, as `bin/status` there reports it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fks_infra.remote.command import CONNECT_SECONDS, output_of
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer

# Seconds; of a certificate that is enough to destroy the data.
YOUNG = 24 * 3600.0
# As operate/reports.py
_SECONDS = 20.0
# The data set of a report without sets.
_ONLY_SET = "api"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Of a data set: the age of its newest proved backup in seconds, None without one, and why its
    newest backup is bad, "" where it is not.
    """

    age: float | None = None
    bad: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether the data may be destroyed; an age below zero is that of a clock that is off."""
        return not self.bad and self.age is not None and 0 <= self.age < YOUNG

    def __str__(self) -> str:
        if self.bad:
            return f"newest backup bad: {self.bad}"
        return "no proved backup" if self.age is None else f"proved backup {_shown(self.age)} old"


def read(server: DeployedServer, key: Path) -> dict[str, Certificate]:
    """Data set to certificate, by one SSH login; OSError where the server does not answer.

    Of a server that cannot report its backups: none.
    """
    text = output_of(server, key, host_program("status"), _SECONDS, CONNECT_SECONDS)
    try:
        return certificates(dict(json.loads(text)).get("backup"))
    except (ValueError, TypeError):
        raise OSError("its answer is no JSON document") from None


def certificates(backup: Any) -> dict[str, Certificate]:
    """From the row `backup` of host/fks_deploy/status/report.py: a report, one for each data set
    with its name as `set` or as its key, or None. A report that is not understood proves nothing.
    """
    return {
        name: _certificate(report) for name, report in _reports(backup) if isinstance(report, dict)
    }


def oldest(found: Mapping[str, Certificate], sets: Iterable[str]) -> Certificate:
    """The certificate that proves least, of these data sets."""
    return max((found.get(name, Certificate()) for name in sets), key=_rank)


def _rank(one: Certificate) -> tuple[bool, bool, float]:
    return (bool(one.bad), one.age is None, one.age or 0.0)


def _reports(backup: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(backup, dict) and "sets" in backup:
        backup = backup["sets"]
    if isinstance(backup, list):
        return [(str(one.get("set", _ONLY_SET)), one) for one in backup if isinstance(one, dict)]
    if not isinstance(backup, dict):
        return []
    if "proved" in backup:
        return [(str(backup.get("set", _ONLY_SET)), backup)]
    return backup.items()


def _certificate(report: Mapping[str, Any]) -> Certificate:
    proof, proved = report.get("proof"), report.get("proved")
    verdict = proof.get("verdict") if isinstance(proof, dict) else "ok"
    bad = "" if verdict == "ok" else str((proof or {}).get("text") or verdict)
    return Certificate(age=float(proved) if isinstance(proved, int | float) else None, bad=bad)


def _shown(seconds: float) -> str:
    return f"{seconds // 3600:.0f} h" if seconds >= 3600 else f"{max(seconds, 0) // 60:.0f} min"
