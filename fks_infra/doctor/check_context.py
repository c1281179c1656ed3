"""What every check is given: the stack, the credentials, and the questions they share."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from fks_infra.doctor import tailnet as tailscale
from fks_infra.doctor.background import Once
from fks_infra.doctor.findings import Seen
from fks_infra.doctor.stack_info import Subject
from fks_infra.doctor.zone import FoundZone, find


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds one call may wait for the other side, and a whole check may take."""

    call: float = 10.0
    check: float = 40.0


@dataclass(frozen=True, kw_only=True)
class Case:
    """One examination. `now` is this machine's clock, in seconds since 1970."""

    subject: Subject
    environ: Mapping[str, str] = field(repr=False)
    limits: Limits
    now: Callable[[], float]
    zone: Once[FoundZone] = field(repr=False)
    tailnet: Once[tailscale.Session] = field(repr=False)
    devices: Once[list[tailscale.Device]] = field(repr=False)

    @classmethod
    def of(
        cls,
        subject: Subject,
        environ: Mapping[str, str],
        limits: Limits | None = None,
        now: Callable[[], float] = time.time,
    ) -> "Case":
        """With its shared questions, which nobody has asked yet."""
        limits = limits or Limits()
        session = Once(partial(tailscale.log_in, environ, limits.call))
        return cls(
            subject=subject,
            environ=environ,
            limits=limits,
            now=now,
            zone=Once(partial(find, subject.zone, environ, limits.call)),
            tailnet=session,
            devices=Once(lambda: tailscale.devices(session())),
        )


Check = Callable[[Case], Iterable[Seen]]
