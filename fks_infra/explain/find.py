"""Finds what a text names."""

from collections.abc import Sequence
from difflib import get_close_matches

from fks_infra.errors import OperatorError
from fks_infra.explain import files, names, ports, resources, services, settings
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explain, Explanation, Known

# In this order: a service has its name before a file of the same name.
KINDS: Sequence[tuple[Explain, Known]] = (
    (settings.explain, settings.known),
    (ports.explain, ports.known),
    (services.explain, services.known),
    (names.explain, names.known),
    (resources.explain, resources.known),
    (files.explain, files.known),
)


def find(context: Context, text: str) -> Explanation:
    """The explanation; OperatorError with the nearest names for an unknown text."""
    for explain, _ in KINDS:
        if found := explain(context, text):
            return found
    everything = [name for _, known in KINDS for name in known(context)]
    near = get_close_matches(text, everything, n=3, cutoff=0.5)
    hint = f"Near to it: {', '.join(near)}." if near else "Nothing has a similar name."
    raise OperatorError(
        f"{text!r} is no setting (fks:NAME), port, container, DNS name or URL, resource or URN of "
        f"stack {context.file.settings.stack}, and no file of the checkout or of a server. {hint}"
    )
