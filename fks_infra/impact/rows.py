"""The rows of the tables, the same for the terminal and for Markdown."""

from collections.abc import Iterator

from fks_infra.impact.impact import Effect, Impact
from fks_infra.impact.verdict import away

Row = tuple[str, ...]

EFFECTS = ("where", "part", "what happens", "who notices", "why")
CHANGES = ("name", "before", "after")
_NONE = "not set"


def effect_rows(impact: Impact) -> Iterator[Row]:
    """A row for each effect, by server; one for all that stays as it is."""
    for name, server in impact.servers.items():
        for effect in server.effects:
            yield _row(name, effect)
        if not server.effects:
            yield (name, "everything", "nothing", "", "")
        elif server.unchanged:
            yield (name, ", ".join(server.unchanged), "nothing", "", "")
    for effect in impact.records:
        yield _row("DNS", effect)


def change_tables(impact: Impact) -> Iterator[tuple[str, list[Row]]]:
    """Title and rows of what has a value before and after; none for an empty table."""
    tables = {"Images": impact.images, "Settings": impact.settings, "Secrets": impact.secrets}
    for title, changes in tables.items():
        rows: list[Row] = [(one.name, one.before or _NONE, one.after or _NONE) for one in changes]
        if rows:
            yield title, rows


def sentences(impact: Impact) -> Iterator[str]:
    """What the tables do not say."""
    yield f"Prices: Linode's list of {impact.priced}, core regions."
    if impact.program:
        yield f"Changed files of the program: {', '.join(impact.program)}."
    if impact.engine is not None:
        done = ", ".join(f"{what} {name}" for name, what in sorted(impact.engine.items()))
        yield f"The engine, in stand-in clouds, of servers and records: {done or 'keeps all'}."
    yield from impact.notes


def _row(where: str, effect: Effect) -> Row:
    what = f"{effect.action}, {away(effect)}"
    why = f"{effect.detail}; refused {effect.refused}" if effect.refused else effect.detail
    return (where, effect.part, what, effect.notices, why)
