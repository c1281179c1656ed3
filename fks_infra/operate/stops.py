"""Stacks that the operator has stopped, in words."""

from collections.abc import Iterator, Mapping

# By role: {"since", "who", "reason"}.
Stopped = Mapping[str, Mapping[str, str]]


def sentences(stopped: Stopped) -> Iterator[tuple[list[str], str]]:
    """Roles, and a sentence about them; those with the same stop share one."""
    by_text: dict[str, list[str]] = {}
    for role, stop in stopped.items():
        by_text.setdefault(_text(stop), []).append(role)
    for text, roles in by_text.items():
        yield roles, f"{', '.join(roles)} {'is' if len(roles) == 1 else 'are'} {text}"


def _text(stop: Mapping[str, str]) -> str:
    reason = f" ({stop['reason']})" if stop["reason"] else ""
    return f"stopped since {stop['since']} by {stop['who']}{reason}"
