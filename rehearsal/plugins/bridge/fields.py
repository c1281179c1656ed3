"""Tables that say what a change of an input means, and the diffs that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from rehearsal.plugins.base import Diff, Kind
from rehearsal.plugins.values import Values


class Compare(Enum):
    """How a detailed diff compares the values of a property."""

    WHOLE = auto()
    LIST = auto()
    BLOCKS = auto()
    SET = auto()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input of a resource.

    `replaces`: a change replaces the resource. `kept`: without the input the value in state stays,
    because the provider computes it; otherwise `default` takes its place. `stored` converts the
    input to its form in the state; `same` says whether a value in state equals a planned one.
    In blocks of the older SDK, fields that the input leaves out keep their value.
    """

    replaces: bool = False
    kept: bool = False
    default: Any = None
    compare: Compare = Compare.WHOLE
    stored: Callable[[Any], Any] | None = None
    same: Callable[[Any, Any], bool] | None = None

    def planned(self, given: Any, state: Any) -> Any:
        """The value that an input leads to; `given` is `None` where the program sets none."""
        if given is None:
            return state if self.kept else self.default
        if self.compare is Compare.BLOCKS and isinstance(given, list):
            return _blocks(given, state or [])
        return self.stored(given) if self.stored else given

    def differs(self, state: Any, planned: Any) -> bool:
        """Whether the planned value is a change. Empty lists and objects equal `None`."""
        if _empty(state) and _empty(planned):
            return False
        if self.same and self.same(state, planned):
            return False
        if self.compare is Compare.SET and isinstance(state, list) and isinstance(planned, list):
            return sorted(state) != sorted(planned)
        return bool(state != planned)


Fields = Mapping[str, Field]


def _empty(value: Any) -> bool:
    return value is None or value in ([], {})


def own(value: Any) -> Any:
    """Inputs without the bridge's notes about defaults, at any depth."""
    match value:
        case dict():
            return {name: own(item) for name, item in value.items() if not name.startswith("__")}
        case list():
            return [own(item) for item in value]
    return value


def _blocks(given: list[Any], state: list[Any]) -> list[Any]:
    known = [*state, *({} for _ in given)]
    return [{**old, **own(new)} for old, new in zip(known, given, strict=False)]


def planned(fields: Fields, state: Values, inputs: Values) -> Values:
    """The value of every field after an update (or, with an empty state, after a creation)."""
    return {name: f.planned(inputs.get(name), state.get(name)) for name, f in fields.items()}


def changed(fields: Fields, state: Values, plan: Values) -> list[str]:
    """The names of the fields whose planned value differs from the state's, sorted."""
    return sorted(n for n, f in fields.items() if f.differs(state.get(n), plan.get(n)))


def diff(fields: Fields, state: Values, plan: Values, computed: list[str]) -> Diff:
    """A framework resource's diff: names only. Any change makes `computed` outputs unknown."""
    names = changed(fields, state, plan)
    replaces = [name for name in names if fields[name].replaces]
    return Diff(diffs=sorted({*names, *(computed if names else [])}), replaces=replaces)


def detailed_diff(fields: Fields, state: Values, plan: Values) -> Diff:
    """The diff of a resource of the older plugin SDK: paths and kinds."""
    names = changed(fields, state, plan)
    detailed = {
        path: kind.replacing if fields[name].replaces else kind
        for name in names
        for path, kind in _paths(name, fields[name].compare, state.get(name), plan.get(name))
    }
    replaces = [name for name in names if fields[name].replaces]
    return Diff(diffs=names, replaces=replaces, detailed=detailed)


def _paths(path: str, compare: Compare, old: Any, new: Any) -> Iterator[tuple[str, Kind]]:
    """The paths at which two values differ."""
    if old == new:
        return
    if new is None:
        yield path, Kind.DELETE
    elif old is None:
        yield path, Kind.ADD
    elif compare is Compare.SET:
        yield from _set_paths(path, old, new)
    elif compare in (Compare.LIST, Compare.BLOCKS) and isinstance(new, list):
        yield from _member_paths(path + "[{}]", dict(enumerate(old)), dict(enumerate(new)))
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _member_paths(path + ".{}", old, new)
    else:
        yield path, Kind.UPDATE


def _set_paths(path: str, old: list[Any], new: list[Any]) -> Iterator[tuple[str, Kind]]:
    removed = {index for index, item in enumerate(old) if item not in new}
    added = {index for index, item in enumerate(new) if item not in old}
    for index in sorted(removed | added):
        kind = (
            Kind.UPDATE if index in removed & added else Kind.ADD if index in added else Kind.DELETE
        )
        yield f"{path}[{index}]", kind


def _member_paths(
    path: str, old: Mapping[Any, Any], new: Mapping[Any, Any]
) -> Iterator[tuple[str, Kind]]:
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield path.format(key), Kind.ADD
        elif key not in new:
            yield path.format(key), Kind.DELETE
        else:
            yield from _paths(path.format(key), Compare.WHOLE, old[key], new[key])
