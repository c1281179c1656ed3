"""The impact as Markdown, for a comment on a pull request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fks_infra.clouds.github import COMMENT_LIMIT
from fks_infra.impact.impact import Impact
from fks_infra.impact.rows import CHANGES, EFFECTS, Row, change_tables, effect_rows, sentences
from fks_infra.impact.verdict import verdict

_REST = "\n*{} more lines are in the summary of the workflow's run.*\n"

# GitHub looks for mentions, references and formulas in the text between two tags.
_PLAIN = {ord(one): f"&#{ord(one)};" for one in "&<>\\`*_{}[]|!~"} | {
    ord(one): f"<span>{one}</span>" for one in "@#$"
}


@dataclass(frozen=True, kw_only=True)
class Markdown:
    """comment: at most COMMENT_LIMIT characters. rest: the lines that it leaves out, or ""."""

    comment: str
    rest: str


def markdown(impact: Impact, source: str, limit: int = COMMENT_LIMIT) -> Markdown:
    """`source` says which commits were compared."""
    return split("\n".join(_lines(impact, source)) + "\n", limit)


def split(text: str, limit: int = COMMENT_LIMIT) -> Markdown:
    """Cut a text at the end of a line; the comment then says how many lines are missing."""
    if len(text) <= limit:
        return Markdown(comment=text, rest="")
    room = limit - len(_REST) - 10
    end = text.rfind("\n", 0, room) + 1
    rest = text[end:]
    return Markdown(comment=text[:end] + _REST.format(len(rest.splitlines())), rest=rest)


def _lines(impact: Impact, source: str) -> Iterator[str]:
    yield f"**{_escape(verdict(impact))}**"
    yield f"\nStack `{impact.stack}`, {_escape(source)}.\n"
    yield from _table(EFFECTS, list(effect_rows(impact)))
    for title, rows in change_tables(impact):
        yield f"\n**{title}**\n"
        yield from _table(CHANGES, rows)
    yield ""
    yield from (f"- {_escape(sentence)}" for sentence in sentences(impact))


def _table(head: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(map(_escape, row))} |" for row in rows)


def _escape(text: str) -> str:
    """As plain text: a pull request, which values come from, must add no markup and mentions."""
    return " ".join(text.split()).translate(_PLAIN)
