"""Errors, warnings and values of resources of the newer Terraform plugin framework."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rehearsal.plugins.base import Call, CheckError, ProviderError
from rehearsal.plugins.bridge.names import snake
from rehearsal.plugins.values import UNKNOWN, Values


def failure(call: Call, summary: str, detail: str) -> ProviderError:
    """An error of the framework; it appears a second time in the provider's log."""
    call.log("error", f"[ERROR] {detail}: {summary}")
    return ProviderError(f"{summary}: {detail}")


def warn(call: Call, summary: str, detail: str) -> None:
    """A warning of the framework."""
    call.log("warning", f"[WARNING] {detail}: {summary}")


def require(call: Call, news: Values, names: Collection[str]) -> None:
    """Raise `CheckError` where one of these inputs is missing."""
    missing = [name for name in names if news.get(name) is None]
    if missing:
        raise CheckError(*(("", _missing(call, name)) for name in missing))


def _missing(call: Call, name: str) -> str:
    text = f'The argument "{snake(name)}" is required, but no definition was found.'
    return f"Missing required argument. {text}. Examine values at '{call.name}.{name}'."


def check_length(call: Call, path: str, field: str, text: Any, low: int, high: int) -> None:
    """Raise `CheckError` for a known text with a length outside the bounds."""
    if isinstance(text, str) and not low <= len(text) <= high:
        bounds = f"between {low} and {high}" if low else f"at most {high}"
        problem = f"string length must be {bounds}, got: {len(text)}"
        raise _invalid(call, path, f"Value Length. Attribute {field} {problem}")


def check_choice(call: Call, path: str, field: str, value: Any, allowed: Sequence[str]) -> None:
    """Raise `CheckError` for a known text that is not among the allowed ones."""
    if isinstance(value, str) and value not in allowed:
        listed = " ".join(f'"{item}"' for item in allowed)
        problem = f'value must be one of: [{listed}], got: "{value}"'
        raise _invalid(call, path, f"Value Match. Attribute {field} {problem}")


def _invalid(call: Call, path: str, text: str) -> CheckError:
    where = f"Examine values at '{call.name}.{path}'."
    return CheckError(("", f"Invalid Attribute {text}. {where}"))


def unknowns(plan: Values, outputs: Collection[str]) -> Values:
    """A preview's outputs: the plan, and unknowns for what only the real run computes."""
    return {**plan, **{name: UNKNOWN for name in outputs if plan.get(name) is None}}


def refreshed_inputs(inputs: Values, outputs: Values) -> Values:
    """The program's inputs with the values read."""
    return {name: outputs.get(name, value) for name, value in inputs.items()}
