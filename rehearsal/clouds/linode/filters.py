"""X-Filter and paging as the Linode API applies them to every list."""

import json
from collections.abc import Callable
from typing import Any

from rehearsal.clouds.linode.errors import bad

Row = dict[str, Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "+contains": lambda have, want: str(want).lower() in str(have).lower(),
    "+neq": lambda have, want: bool(have != want),
    "+gt": lambda have, want: bool(have > want),
    "+gte": lambda have, want: bool(have >= want),
    "+lt": lambda have, want: bool(have < want),
    "+lte": lambda have, want: bool(have <= want),
}


def apply(rows: list[Row], header: str | None) -> list[Row]:
    """Filter and order the rows as the X-Filter header asks; 400 when it cannot be read."""
    if not header:
        return rows
    try:
        wanted = json.loads(header)
    except ValueError as bad_json:
        raise bad("X-Filter", "Cannot decode X-Filter header as JSON") from bad_json
    order_by = wanted.pop("+order_by", None)
    descending = wanted.pop("+order", "asc") == "desc"
    kept = [row for row in rows if _matches(row, wanted)]
    if order_by:
        kept.sort(key=lambda row: _order(_value(row, order_by)), reverse=descending)
    return kept


def page(rows: list[Row], number: int, size: int) -> Row:
    """One page in Linode's list envelope; past the end it is empty."""
    if number < 1:
        raise bad("page", "Must be 1 or higher")
    if not 25 <= size <= 500:
        raise bad("page_size", "Must be 25-500")
    start = (number - 1) * size
    pages = max(1, -(-len(rows) // size))
    return {
        "data": rows[start : start + size],
        "page": number,
        "pages": pages,
        "results": len(rows),
    }


def _matches(row: Row, wanted: Row) -> bool:
    return all(_clause(row, key, value) for key, value in wanted.items())


def _clause(row: Row, key: str, value: Any) -> bool:
    if key == "+and":
        return all(_matches(row, part) for part in value)
    if key == "+or":
        return any(_matches(row, part) for part in value)
    if key.startswith("+"):
        raise bad("X-Filter", f"{key} is not a known operator")
    have = _value(row, key)
    if isinstance(value, dict):
        return all(_operate(operator, have, want) for operator, want in value.items())
    if isinstance(have, list):
        return value in have
    return bool(have == value)


def _operate(operator: str, have: Any, want: Any) -> bool:
    if operator not in _OPERATORS:
        raise bad("X-Filter", f"{operator} is not a known operator")
    return have is not None and _OPERATORS[operator](have, want)


def _value(row: Row, dotted: str) -> Any:
    value: Any = row
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _order(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if isinstance(value, int | float) else str(value))
