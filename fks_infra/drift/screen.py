"""Findings for people, grouped by server; one paragraph for each deviation."""

from collections.abc import Iterator

from rich.text import Text

from fks_infra.drift.findings import CANNOT_TELL, DRIFT, NONE, Deviation, Findings

_STYLES = {NONE: "bold green", DRIFT: "bold red", CANNOT_TELL: "bold cyan"}
_REPAIRS = {
    "scripts": "the host scripts are unpacked again from the kept upload",
    "release": "the files of the release are unpacked again from the kept upload",
    "edge": "the mounted files are written again, and nginx reloads",
    "containers": "docker compose up, which replaces what differs and nothing else",
    "images": "the recorded images are pulled or tagged again",
}
_STEP, _REMOVE, _URN = "step ", "remove ", "urn:"
BY_HAND = "by hand: only a person can decide what is right"


def screen(findings: Findings) -> Iterator[Text]:
    """The lines of the report."""
    yield Text(findings.verdict, style=_STYLES[findings.exit_code])
    for place in findings.places:
        yield from _place(findings, place)
    for note in findings.notes:
        yield Text(f"note: {note}", style="yellow")
    if findings.deviations:
        stack = f" --stack {findings.stack}" if findings.stack else ""
        yield Text(f"\nnext: fks repair{stack}")


def _place(findings: Findings, place: str) -> Iterator[Text]:
    deviations = [one for one in findings.deviations if one.place == place]
    unknown = [one for one in findings.unknown if one.place == place]
    if deviations or unknown:
        yield Text(f"\n{place}", style="bold")
    for one in deviations:
        yield from _deviation(one)
    for other in unknown:
        yield Text(f"  cannot tell: {other.part}: {other.reason}", style="cyan")
        if other.command:
            yield Text(f"    next: {other.command}")


def _deviation(one: Deviation) -> Iterator[Text]:
    yield Text(f"  {one.kind} {one.name}", style="red")
    yield Text(f"    expected: {one.expected}")
    yield Text(f"    found:    {one.found}")
    yield Text(f"    repair:   {repair_text(one)}")


def repair_text(one: Deviation) -> str:
    """How `fks repair` corrects it."""
    if one.repair.startswith(_STEP):
        return f"the bootstrap step {one.repair.removeprefix(_STEP)} runs again"
    if one.repair.startswith(_REMOVE):
        return "it is removed, after a question"
    if one.repair.startswith(_URN):
        return "pulumi up --refresh, for this resource only"
    return _REPAIRS.get(one.repair, BY_HAND)
