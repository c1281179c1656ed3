"""`fks explain`: what a thing is, who made it, what depends on it, what a change restarts."""

from collections.abc import Iterator

from rich.console import Console

from fks_infra.cli.servers import DONE, write_json
from fks_infra.explain import context
from fks_infra.explain.explanation import Explanation
from fks_infra.explain.find import find


def run(subject: str, stack: str, *, as_json: bool) -> int:
    """Print the explanation; returns 0. JSON: `Explanation`, with "stack"."""
    found = find(context.read(stack), subject)
    if as_json:
        write_json({"stack": stack, **found.document()})
        return DONE
    console = Console(highlight=False)
    for line in _lines(found):
        console.print(line, markup=False, soft_wrap=True)
    return DONE


def _lines(found: Explanation) -> Iterator[str]:
    yield f"{found.subject} ({found.kind}): {found.what}"
    yield f"made by: {found.made_by}"
    parts = {"defined in": found.defined, "depends on it": found.depends, "a change": found.change}
    for title, lines in parts.items():
        yield f"{title}:" if lines else f"{title}: nothing"
        yield from (f"  {line}" for line in lines)
