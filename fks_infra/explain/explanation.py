"""What `fks explain` says of one thing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from fks_infra.explain.context import Context


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """kind: setting, port, service, file, name or resource. made_by: the component, role or
    program that makes it. defined: `file:line`. depends: what depends on it. change: what a change
    of it does, by the rules of `fks impact`, a line each.
    """

    subject: str
    kind: str
    what: str
    made_by: str
    defined: tuple[str, ...]
    depends: tuple[str, ...]
    change: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


# From the context and the text to an explanation; None for a text of another kind.
Explain = Callable[[Context, str], Explanation | None]
# The names that it knows, for errors.
Known = Callable[[Context], Iterable[str]]
