"""The impact in one paragraph, for readers who do not know the parts of a server."""

from collections.abc import Iterator, Sequence

from fks_infra.impact.impact import Action, Effect, Impact, Level
from fks_infra.roles.edge import EDGE

_HEADS = {
    Level.NOTHING: "Nothing changes on the servers",
    Level.NO_DOWNTIME: "Changes without downtime",
    Level.DOWNTIME: "Changes with downtime",
    Level.LOSS: "Servers or data are lost",
}
# Of what a verdict speaks; the rest is in the table.
_SENTENCES = {
    Action.DESTROYED: "destroyed: {}",
    Action.REBUILT: "rebuilt with an empty disk: {}",
    Action.CREATED: "created: {}",
    Action.MOVED: "moved to another region, off meanwhile: {}",
    Action.RESIZED: "resized, off for some minutes: {}",
    Action.STOPPED_FIRST: "stopped and replaced: {}",
    Action.REMOVED: "removed: {}",
    Action.IN_TURN: "replaced in turn: {}",
    Action.DEPLOYED: "new release on {}",
    Action.BOOTSTRAPPED: "host scripts run on {}",
}
_OF_SERVERS = frozenset(
    {
        *(Action.DESTROYED, Action.REBUILT, Action.CREATED, Action.MOVED, Action.RESIZED),
        *(Action.DEPLOYED, Action.BOOTSTRAPPED),
    }
)


def verdict(impact: Impact) -> str:
    """One line: how bad it is, what happens to which servers and services, dollars a month."""
    head = _HEADS[impact.level]
    if impact.program and impact.engine is None:
        head += ", as far as a comparison shows"
    text = ": ".join([head, *filter(None, ["; ".join(_sentences(impact))])])
    return " ".join([f"{text}.", *_refusals(impact), cost(impact), *_engine(impact)])


def cost(impact: Impact) -> str:
    """Dollars a month before and after."""
    before, after = _dollars(impact.dollars_before), _dollars(impact.dollars_after)
    return f"${after} a month, as before." if before == after else f"${before} → ${after} a month."


def away(effect: Effect) -> str:
    """How long the part of an effect is away."""
    if effect.action in (Action.DESTROYED, Action.REMOVED):
        return "for good" if effect.seconds is None else "0 s"
    if effect.seconds is not None:
        return f"{effect.seconds} s at most" if effect.seconds else "0 s"
    return "some minutes" if effect.action in _OF_SERVERS else "time not measured"


def _sentences(impact: Impact) -> Iterator[str]:
    named = [(name, one) for name, server in impact.servers.items() for one in server.effects]
    named += [("DNS", effect) for effect in impact.records]
    for action, sentence in _SENTENCES.items():
        names = [_title(where, effect) for where, effect in named if effect.action is action]
        if names:
            yield sentence.format(_list(names))


def _title(where: str, effect: Effect) -> str:
    if effect.level is Level.LOSS:
        return f"{where} ({f'with {_list(effect.data)}' if effect.data else 'no data'})"
    if effect.action in _OF_SERVERS:
        return where
    # Every server has an edge.
    name = f"{effect.part} of {where}" if effect.part == EDGE.name else effect.part
    return f"{name} ({away(effect)})" if effect.action is Action.STOPPED_FIRST else name


def _list(names: Sequence[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} and {last}" if first else last


def _dollars(amount: float) -> str:
    return f"{amount:.2f}".removesuffix(".00")


def _refusals(impact: Impact) -> Iterator[str]:
    for reason in dict.fromkeys(effect.refused for effect in impact.all_effects()):
        if reason:
            yield f"pulumi up refuses it {reason}."


def _engine(impact: Impact) -> Iterator[str]:
    if impact.engine is not None:
        yield "The engine agrees."
    elif impact.program:
        yield "The program has changed: what that does to the clouds, only --engine shows."
