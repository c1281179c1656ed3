"""`--shard I/N`: runs one of N parts of the tests, for test runs on several machines.

A module stays in one shard because its tests build on each other; tests marked `independent` are
distributed one by one. The shard depends only on the name, so a new module moves no other test.
"""

from __future__ import annotations

import hashlib

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option --shard."""
    parser.addoption("--shard", default="1/1", metavar="I/N", help="run shard I of N shards")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of the other shards."""
    number, total = parse(str(config.getoption("--shard")))
    selected = [item for item in items if shard_of(unit_of(item), total) == number]
    deselected = [item for item in items if shard_of(unit_of(item), total) != number]
    config.hook.pytest_deselected(items=deselected)
    items[:] = selected


def unit_of(item: pytest.Item) -> str:
    """Return the name of what stays in one shard: the module, or an independent test."""
    independent = item.get_closest_marker("independent")
    return item.nodeid if independent else item.nodeid.split("::")[0]


def shard_of(unit: str, total: int) -> int:
    """Return the shard, from 1 to ``total``, of a module path or test id."""
    return int.from_bytes(hashlib.sha256(unit.encode()).digest()) % total + 1


def parse(text: str) -> tuple[int, int]:
    """Return (I, N) of "I/N", both from 1; pytest.UsageError for anything else."""
    number, slash, total = text.partition("/")
    if not (slash and number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise pytest.UsageError(f"--shard is {text!r}: write I/N with 1 <= I <= N, e.g. 2/3")
    return int(number), int(total)
