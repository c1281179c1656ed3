"""What every check receives: the stack, the clouds' clients, and the calls that checks share."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from fks_infra.clouds.cloudflare import Cloudflare, Zone
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.clouds.tailscale_device import Device
from fks_infra.doctor.background import Once
from fks_infra.doctor.findings import CheckResult
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.doctor.time_limits import TimeLimits


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """One run of the checks. `now` is this machine's clock, in seconds since 1970."""

    stack: StackInfo
    environ: Mapping[str, str] = field(repr=False)
    limits: TimeLimits
    now: Callable[[], float]
    linode: Linode = field(repr=False)
    cloudflare: Cloudflare = field(repr=False)
    zone: Once[Zone] = field(repr=False)
    tailscale: Once[Tailscale] = field(repr=False)
    devices: Once[list[Device]] = field(repr=False)

    @classmethod
    def of(
        cls,
        stack: StackInfo,
        environ: Mapping[str, str],
        limits: TimeLimits | None = None,
        now: Callable[[], float] = time.time,
    ) -> "CheckContext":
        """With shared calls that no check has made yet."""
        limits = limits or TimeLimits()
        cloudflare = Cloudflare.from_environ(environ, limits.call)
        tailscale = Once(partial(_logged_in, environ, limits.call))
        return cls(
            stack=stack,
            environ=environ,
            limits=limits,
            now=now,
            linode=Linode.from_environ(environ, limits.call),
            cloudflare=cloudflare,
            zone=Once(partial(cloudflare.zone, stack.zone)),
            tailscale=tailscale,
            devices=Once(lambda: tailscale().devices()),
        )


def _logged_in(environ: Mapping[str, str], seconds: float) -> Tailscale:
    tailscale = Tailscale.from_environ(environ, seconds)
    tailscale.log_in()
    return tailscale


Check = Callable[[CheckContext], Iterable[CheckResult]]
