"""`--shard i/n`: runs every n-th part of the tests, so that a long list can be split over machines.

A module stays whole, because its tests tell one story; tests marked `independent` are split.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--shard", default="1/1", metavar="I/N", help="run part I of N of the modules")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of this shard."""
    number, total = parse(str(config.getoption("--shard")))
    parts = sorted({part_of(item) for item in items})
    mine = set(parts[number - 1 :: total])
    kept = [item for item in items if part_of(item) in mine]
    config.hook.pytest_deselected(items=[item for item in items if part_of(item) not in mine])
    items[:] = kept


def part_of(item: pytest.Item) -> str:
    """Return what is not split: the module's path, or the whole id of an independent test."""
    independent = item.get_closest_marker("independent")
    return item.nodeid if independent else item.nodeid.split("::")[0]


def parse(text: str) -> tuple[int, int]:
    """Return (i, n) of `i/n`, both from 1."""
    number, slash, total = text.partition("/")
    if not (slash and number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise pytest.UsageError(f"--shard is {text!r}: write I/N with 1 <= I <= N, e.g. 2/3")
    return int(number), int(total)
