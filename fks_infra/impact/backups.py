"""What is known of the backups of servers whose data a change deletes."""

from collections.abc import Mapping
from dataclasses import replace

from fks_infra.impact.impact import Effect, Impact, Level


def endangered(impact: Impact) -> tuple[str, ...]:
    """The servers with data that are destroyed or rebuilt."""
    return tuple(
        name for name, server in impact.servers.items() if any(map(_is_loss, server.effects))
    )


def with_backups(impact: Impact, backups: Mapping[str, str]) -> Impact:
    """With the text about the backups of each of these servers beside its loss."""
    servers = {
        name: replace(
            server,
            effects=tuple(
                replace(one, detail=f"{one.detail}; {backups[name]}") if _is_loss(one) else one
                for one in server.effects
            ),
        )
        for name, server in impact.servers.items()
        if name in backups
    }
    return replace(impact, servers={**impact.servers, **servers})


def _is_loss(effect: Effect) -> bool:
    return effect.level is Level.LOSS and bool(effect.data)
