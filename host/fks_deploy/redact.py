"""Masks secret values in everything that is shown or logged."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"


def _forms(value: str) -> Iterator[str]:
    """The encodings of a value: plain, URL, JSON, base64 as in HTTP basic authentication, and its
    single lines."""
    yield value
    yield quote(value, safe="")
    yield quote(value)
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield base64.b64encode(value.encode()).decode()
    yield from (line for line in value.splitlines() if line.strip())


class Redactor:
    """Replaces every known secret value with `***`."""

    def __init__(self, values: Iterable[str]) -> None:
        forms = {form for value in values if value for form in _forms(value)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASK, text)
