"""The status of servers as one HTML page without scripts, fonts or links to other places."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from fks_infra.operate import drawings
from fks_infra.operate.card import containers, lines
from fks_infra.operate.reports import Document
from fks_infra.operate.state import Remark, State
from fks_infra.operate.unreachable import Unreachable

_STYLE = Path(__file__).with_name("page.css")
_VERDICTS = {0: "good", 1: "bad", 2: "bad"}


def page(state: State) -> str:
    """The page; the reports have the key "day" (host/fks_deploy/status/day.py)."""
    reached = {name: one for name, one in state.reports.items() if not isinstance(one, Unreachable)}
    title = escape(f"FKS {state.stack or ', '.join(state.reports)}: {state.verdict}")
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE.read_text()}</style>\n"
        f'<h1 class="{_VERDICTS[state.exit_code]}">{escape(state.verdict)}</h1>\n'
        f"<p>{escape(', '.join(filter(None, (state.stack, state.time))))}</p>\n"
        + "".join(_sections(state, reached))
    )


def _sections(state: State, reached: Mapping[str, Document]) -> Iterator[str]:
    yield _remarks("Problems", state.problems)
    yield _remarks("Warnings", state.warnings)
    if reached:
        yield f"<h2>Servers and their calls</h2>\n{drawings.topology(reached, state.unreached)}"
    yield '<div class="cards">\n'
    for name, report in state.reports.items():
        yield _card(name, report)
    yield "</div>\n"
    if reached:
        yield f"<h2>Deploys of the last seven days</h2>\n{drawings.deploys(reached)}"
        yield _deploys(reached)


def _remarks(title: str, remarks: Sequence[Remark]) -> str:
    if not remarks:
        return ""
    rows = "".join(
        f"<li>{escape(one.server)}: {escape(one.text)}<br><code>{escape(one.command)}</code></li>\n"
        for one in remarks
    )
    return f"<h2>{title}</h2>\n<ul>\n{rows}</ul>\n"


def _card(name: str, report: Document | Unreachable) -> str:
    if isinstance(report, Unreachable):
        text = f"not reached: {escape(report.reason)}<br><code>{escape(report.command)}</code>"
        return f'<section><h2>{escape(name)}</h2><p class="bad">{text}</p></section>\n'
    rows = [(label, text, _kind(style)) for label, text, style in lines(report)]
    body = "".join(
        f'<tr class="{kind}"><th>{escape(label)}</th><td>{escape(text)}</td></tr>\n'
        for label, text, kind in rows
    )
    key = "".join(f'<span class="{kind}">{kind}</span> ' for kind in ("cpu", "memory", "disk"))
    return (
        f"<section><h2>{escape(name)}</h2>\n{drawings.usage(report)}"
        f'<p class="key">{key}of the last day in percent, dashed: limit, times in UTC</p>\n'
        f"<table>{body}</table>\n{_containers(report)}</section>\n"
    )


def _containers(report: Document) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in containers(report)
    )
    head = "<tr><th>container</th><th>state</th><th>memory</th><th>up</th></tr>\n"
    return f"<table>{head}{rows}</table>\n" if rows else ""


def _deploys(reports: Mapping[str, Document]) -> str:
    rows_of = ((name, one) for name, report in reports.items() for one in report["day"]["deploys"])
    found = sorted(rows_of, key=lambda row: str(row[1]["time"]), reverse=True)
    rows = "".join(
        f"<tr><td>{escape(one['time'])}</td><td>{escape(name)}</td><td>{escape(one['digest'][:12])}</td>"
        f"<td>{escape(str(one['result']))}</td><td>{escape(str(one['who']))}</td></tr>\n"
        for name, one in found
    )
    head = "<tr><th>time</th><th>server</th><th>release</th><th>result</th><th>by</th></tr>\n"
    return f'<table class="deploys">{head}{rows}</table>\n' if rows else "<p>none</p>\n"


def _kind(style: str) -> str:
    return "bad" if "red" in style else "warning" if style else ""
