"""What happens to a server whose release is pinned, before or after the change.

The pinned release is on the server only, so the comparison does not know what it has.
"""

from collections.abc import Iterator, Mapping, Sequence

from fks_infra.config.settings import Pin
from fks_infra.impact.differences import Parts
from fks_infra.impact.impact import Action, Effect
from fks_infra.topology.pins import pin_notices


def is_pinned(*sides: Parts) -> bool:
    """Whether one of a server's parts has a pin; those of an older program have none."""
    return any(parts.get("pin") for parts in sides)


def pin_effects(before: Parts, after: Parts, causes: Sequence[str]) -> Iterator[Effect]:
    """`causes` are those that deploy the pinned release again."""
    old, new = before.get("pin"), after.get("pin")
    reasons = list(causes)
    if old != new:
        reasons.append(
            f"the pin to {_short(new)}" if new else f"the end of the pin to {_short(old)}"
        )
    if reasons:
        detail = f"{'; '.join(reasons)}: fks releases shows what differs"
        yield Effect(part="release", action=Action.DEPLOYED, detail=detail, seconds=None)


def notes(servers: Mapping[str, Parts]) -> Iterator[str]:
    """A sentence for each pinned server of an inventory."""
    pins = {name: Pin(**parts["pin"]) for name, parts in servers.items() if parts.get("pin")}
    yield from pin_notices(pins, list(servers))


def _short(pin: Mapping[str, str] | None) -> str:
    return pin["digest"][:12] if pin else ""
