"""An impact for tests of what is printed."""

from fks_infra.impact.impact import Action, Change, Effect, Impact, ServerImpact

STOPPED = Effect(
    part="api-queue",
    action=Action.STOPPED_FIRST,
    detail="mem_limit 1m → 2m",
    seconds=10,
    notices="all who use the API",
)
REBUILT = Effect(
    part="server",
    action=Action.REBUILT,
    detail="its disk is deleted",
    seconds=None,
    notices="all who use auth",
    data=("a-data", "b-data"),
    refused="while fks:protect is true",
)


def example(
    *effects: Effect,
    records: tuple[Effect, ...] = (),
    settings: tuple[Change, ...] = (),
    program: tuple[str, ...] = (),
    after: float = 34,
) -> Impact:
    """With these effects on the server api, and nothing on web."""
    return Impact(
        stack="prod",
        servers={
            "api": ServerImpact(effects=effects, unchanged=("api",) if effects else ()),
            "web": ServerImpact(effects=(), unchanged=("edge",)),
        },
        records=records,
        secrets=(),
        settings=settings,
        images=(),
        program=program,
        dollars_before=34,
        dollars_after=after,
        priced="September 2026",
        notes=("A note.",),
    )
