"""X-Filter and paging, as the Linode API applies them to every list."""

import json
from typing import Any

from rehearsal.clouds.linode.errors import bad, not_modelled

Row = dict[str, Any]


def apply(rows: list[Row], header: str | None) -> list[Row]:
    """Filter and order the rows by the X-Filter header; 400 where it is not JSON.

    Modelled are equality, `+and`, `+or`, `+order_by` and `+order`.
    """
    if not header:
        return rows
    try:
        clauses = json.loads(header)
    except ValueError as error:
        raise bad("X-Filter", "Cannot decode X-Filter header as JSON") from error
    order_by = clauses.pop("+order_by", None)
    descending = clauses.pop("+order", "asc") == "desc"
    matching = [row for row in rows if _matches(row, clauses)]
    if order_by:
        matching.sort(key=lambda row: str(row.get(order_by) or ""), reverse=descending)
    return matching


def page(rows: list[Row], number: int, size: int) -> Row:
    """One page in Linode's list envelope; empty after the last row."""
    if number < 1:
        raise bad("page", "Must be 1 or higher")
    if not 25 <= size <= 500:
        raise bad("page_size", "Must be 25-500")
    data = rows[(number - 1) * size : number * size]
    pages = max(1, -(-len(rows) // size))
    return {"data": data, "page": number, "pages": pages, "results": len(rows)}


def _matches(row: Row, clauses: Row) -> bool:
    return all(_clause(row, key, value) for key, value in clauses.items())


def _clause(row: Row, key: str, expected: Any) -> bool:
    if key == "+and":
        return all(_matches(row, part) for part in expected)
    if key == "+or":
        return any(_matches(row, part) for part in expected)
    if key.startswith("+") or isinstance(expected, dict):
        raise not_modelled(f"X-Filter {key} {expected}")
    value: Any = row
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return expected in value if isinstance(value, list) else bool(value == expected)
