"""Drawings of a status page, as SVG in the colours of its style sheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from fks_infra.operate.reports import Document

# Pixels of a drawing's own coordinates; the page scales them.
_WIDTH, _HEIGHT = 340, 120
_WEEK_WIDTH, _ROW = 720, 28
_DAY, _WEEK = 86_400, 7 * 86_400
_BOX, _GAP, _TALL = 180, 90, 56
# Seconds without a sample, after which the line is interrupted
_PAUSE = 300
_NAMES = ("CPU", "memory", "disk")


def topology(reports: Mapping[str, Document], unreached: Sequence[str] = ()) -> str:
    """A box for each server, and an arrow to each one that it calls; callers are on the left."""
    hosts = {host: name for name, one in reports.items() for host in _hosts(one)}
    calls = {name: _called(name, one, hosts) for name, one in reports.items()}
    order = [*sorted(reports, key=lambda name: -len(calls[name])), *unreached]
    places = {name: number * (_BOX + _GAP) for number, name in enumerate(order)}
    boxes = [_box(name, reports.get(name), places[name]) for name in order]
    arrows = [_arrow(places[name], places[to]) for name in calls for to in calls[name]]
    title = "; ".join(f"{name} calls {', '.join(calls[name]) or 'none'}" for name in calls)
    width = max(places.values()) + _BOX + 2
    return _svg(width, _TALL + 46, title, "".join([_MARKER, *boxes, *arrows]))


_MARKER = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs>'
)


def _hosts(report: Document) -> set[str]:
    return {str(urlsplit(one["url"]).hostname) for one in report["health"] or []}


def _called(name: str, report: Document, hosts: Mapping[str, str]) -> list[str]:
    found = [hosts[host] for host in report["day"]["peers"] if host in hosts]
    return [other for other in dict.fromkeys(found) if other != name]


def _box(name: str, report: Document | None, left: int) -> str:
    kind = "box" if report and not report["problems"] else "box bad"
    state = "not reached" if not report else "problems" if report["problems"] else "healthy"
    roles = report["roles"] if report and report["roles"] != [name] else []
    text = f"{', '.join(roles)}: {state}" if roles else state
    return (
        f'<rect class="{kind}" x="{left + 1}" y="40" width="{_BOX}" height="{_TALL}" rx="8"/>'
        f'<text class="name" x="{left + 12}" y="64">{escape(name)}</text>'
        f'<text x="{left + 12}" y="84">{escape(text)}</text>'
    )


def _arrow(start: int, end: int) -> str:
    if abs(end - start) == _BOX + _GAP and end > start:
        return f'<path class="call" d="M{start + _BOX + 3} 68 H{end - 3}"/>'
    middle = (start + end + _BOX) / 2
    return f'<path class="call" d="M{start + _BOX / 2} 38 Q{middle:.0f} -16 {end + _BOX / 2} 38"/>'


def usage(report: Document) -> str:
    """CPU, memory and disk of the last day in percent, with the limits of the first two."""
    now = datetime.fromisoformat(report["time"]).timestamp()
    samples = report["day"]["samples"]
    limits = {one["name"]: one["limits"][0] for one in report["usage"] or [] if one["percent"]}
    parts = [_axis(now, _DAY, 6 * 3600, "%H:%M", (_WIDTH, _HEIGHT))]
    for number, name in enumerate(_NAMES, 1):
        kind = name.lower()
        if name in limits:
            y = _y(limits[name])
            parts.append(f'<path class="limit {kind}" d="M0 {y:.1f} H{_WIDTH}"/>')
        for line in _lines([(one[0], one[number]) for one in samples], now):
            parts.append(f'<path class="line {kind}" d="M{line}"/>')
    last = [f"{name} {_last(samples, number)}" for number, name in enumerate(_NAMES, 1)]
    return _svg(_WIDTH, _HEIGHT + 22, "last day: " + ", ".join(last), "".join(parts))


def _last(samples: Sequence[Sequence[float | None]], number: int) -> str:
    values = [one[number] for one in samples if one[number] is not None]
    return f"{values[-1]:.0f} %" if values else "not measured"


def _lines(samples: Sequence[tuple[float, float | None]], now: float) -> Iterator[str]:
    """The points of each uninterrupted line."""
    known = [(time, value) for time, value in samples if value is not None]
    number = 0
    runs: list[tuple[int, float, float]] = []
    for index, (time, value) in enumerate(known):
        number += bool(index and time - known[index - 1][0] > _PAUSE)
        runs.append((number, time, value))
    for _, group in groupby(runs, key=lambda one: one[0]):
        points = [f"{_x(time, now, _DAY, _WIDTH):.1f} {_y(value):.1f}" for _, time, value in group]
        yield " L".join(points if len(points) > 1 else points * 2)


def deploys(reports: Mapping[str, Document]) -> str:
    """The deploys of a week, a row for each server."""
    now = max(datetime.fromisoformat(one["time"]).timestamp() for one in reports.values())
    height = len(reports) * _ROW
    parts = [_axis(now, _WEEK, _DAY, "%b %d", (_WEEK_WIDTH, height))]
    count = 0
    for row, (name, report) in enumerate(reports.items()):
        y = row * _ROW + _ROW // 2
        parts.append(f'<text class="name" x="2" y="{y + 4}">{escape(name)}</text>')
        for one in report["day"]["deploys"]:
            count += 1
            parts.append(_deploy(one, now, y))
    title = f"{count} deploys in the last seven days"
    return _svg(_WEEK_WIDTH, height + 22, title, "".join(parts))


def _deploy(one: Mapping[str, Any], now: float, y: int) -> str:
    x = max(_x(datetime.fromisoformat(one["time"]).timestamp(), now, _WEEK, _WEEK_WIDTH), 60)
    text = f"{one['time']} {one['digest'][:12]} {one['result']}, by {one['who']}"
    kind = "good" if one["result"] == "ok" else "bad"
    return (
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="6"><title>{escape(text)}</title></circle>'
    )


def _axis(now: float, seconds: int, step: int, form: str, size: tuple[int, int]) -> str:
    """Vertical lines at whole steps of the time in UTC, with their times."""
    width, height = size
    first = now - seconds + (-(now - seconds)) % step
    parts = [f'<path class="axis" d="M0 {height} H{width}"/>']
    for number in range(seconds // step + 1):
        if (time := first + number * step) > now:
            break
        x = _x(time, now, seconds, width)
        parts.append(f'<path class="grid" d="M{x:.1f} 0 V{height}"/>')
        text = f"{datetime.fromtimestamp(time, UTC):{form}}"
        place = f'x="{min(x, width - 40):.1f}" y="{height + 16}"'
        parts.append(f'<text class="time" {place}>{text}</text>')
    return "".join(parts)


def _x(time: float, now: float, seconds: int, width: int) -> float:
    return max(0.0, (time - now + seconds) / seconds * width)


def _y(percent: float) -> float:
    return _HEIGHT * (1 - min(max(percent, 0.0), 100.0) / 100)


def _svg(width: float, height: float, title: str, content: str) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" preserveAspectRatio="xMinYMin meet"'
    return f'<svg role="img" {box}><title>{escape(title)}</title>{content}</svg>\n'
