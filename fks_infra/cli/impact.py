"""`fks impact`: what the work tree changes on the servers, compared with a commit."""

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from fks_infra.cli.lost_backups import with_lost_backups
from fks_infra.errors import OperatorError
from fks_infra.impact import engine
from fks_infra.impact.changes import impact
from fks_infra.impact.checkouts import Comparison, compare
from fks_infra.impact.document import document
from fks_infra.impact.impact import Impact
from fks_infra.impact.markdown import markdown
from fks_infra.impact.terminal import show
from fks_infra.paths import PROJECT_ROOT

# The other exit codes are those of impact.Level.
CANNOT_TELL = 2


class Form(StrEnum):
    """How the impact is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def run(
    base: str, stack: str, form: Form, rest: Path | None = None, *, with_engine: bool = False
) -> int:
    """Print the impact and return the exit code: 0 nothing, 10 without downtime, 11 with downtime,
    12 loss of servers or data, 2 if it cannot tell.

    `rest` is the file to which Markdown is appended that a comment has no room for. `with_engine`
    lets the engine confirm it, and cannot tell if that disagrees.
    """
    try:
        found = compare(PROJECT_ROOT, base, stack)
        result = impact(found.base, found.head)
        if with_engine:
            result = _confirmed(result, found, base)
        result = with_lost_backups(result, stack)
    except OperatorError as error:
        console = Console(stderr=True, highlight=False)
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return CANNOT_TELL
    _print(result, found.source, form, rest)
    return int(result.level)


def _confirmed(result: Impact, found: Comparison, base: str) -> Impact:
    operations = engine.reported(PROJECT_ROOT, base, result.stack)
    engine.check(engine.expected(result, found.base, found.head), operations)
    return replace(result, engine=operations)


def _print(result: Impact, source: str, form: Form, rest: Path | None) -> None:
    if form is Form.JSON:
        sys.stdout.write(document(result, source) + "\n")
    elif form is Form.MARKDOWN:
        text = markdown(result, source)
        sys.stdout.write(text.comment)
        _append(rest, text.rest)
    else:
        show(Console(highlight=False), result, source)


def _append(path: Path | None, text: str) -> None:
    if path and text:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
