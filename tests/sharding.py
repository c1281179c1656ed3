"""`--shard i/n`: runs every n-th test module, so that a long list can be split over machines."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--shard", default="1/1", metavar="I/N", help="run part I of N of the modules")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the modules of this shard; modules stay whole because their tests tell one story."""
    number, total = parse(str(config.getoption("--shard")))
    modules = sorted({item.nodeid.split("::")[0] for item in items})
    mine = set(modules[number - 1 :: total])
    kept = [item for item in items if item.nodeid.split("::")[0] in mine]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def parse(text: str) -> tuple[int, int]:
    """Return (i, n) of `i/n`, both from 1."""
    number, slash, total = text.partition("/")
    if not (slash and number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise pytest.UsageError(f"--shard is {text!r}: write I/N with 1 <= I <= N, e.g. 2/3")
    return int(number), int(total)
