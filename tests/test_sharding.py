"""Shards are complete, disjoint, stable, and of similar size for the real list of tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.sharding import parse, shard_of

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[1]
COLLECT = """
import json, sys, pytest
from tests.sharding import unit_of

class Collector:
    def pytest_collection_finish(self, session):
        units = {item.nodeid: unit_of(item) for item in session.items}
        sys.stderr.write(json.dumps(units))

raise SystemExit(pytest.main(["--collect-only", "-q"], plugins=[Collector()]))
"""
MODULE = """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_dependent(number):
    pass

@pytest.mark.independent
@pytest.mark.parametrize("number", range(8))
def test_independent(number):
    pass
"""
MODULES = [f"test_{letter}" for letter in "bcdefg"]


@pytest.fixture(scope="module")
def units() -> dict[str, str]:
    """Every test of this repository with the unit that stays in one shard."""
    command = [sys.executable, "-c", COLLECT]
    result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    return dict(json.loads(result.stderr.splitlines()[-1]))


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small project that uses this repository's plugin."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nmarkers = independent")
    pytester.makepyfile(**dict.fromkeys(MODULES, MODULE))
    return pytester


def selected(project: pytest.Pytester, shard: str) -> list[str]:
    """Return the ids of a shard's tests."""
    arguments = ("--collect-only", "-q", "-p", "tests.sharding", "--shard", shard)
    result = project.runpytest_subprocess(*arguments)
    return [line for line in result.outlines if "::" in line]


def test_every_test_is_in_exactly_one_shard(project: pytest.Pytester) -> None:
    every = selected(project, "1/1")
    shards = [selected(project, f"{number}/3") for number in (1, 2, 3)]
    assert all(shards)
    assert sorted(test for shard in shards for test in shard) == sorted(every)


def test_a_module_stays_in_one_shard_except_its_independent_tests(project: pytest.Pytester) -> None:
    first, second = selected(project, "1/2"), selected(project, "2/2")
    modules = [
        {test.split("::")[0] for test in shard if "test_dependent" in test}
        for shard in (first, second)
    ]
    assert not modules[0] & modules[1]
    independent = [
        [test for test in shard if "b.py::test_independent" in test] for shard in (first, second)
    ]
    assert all(independent)


def test_a_new_module_moves_no_test(project: pytest.Pytester) -> None:
    before = [set(selected(project, f"{number}/2")) for number in (1, 2)]
    project.makepyfile(test_a=MODULE)
    after = [set(selected(project, f"{number}/2")) for number in (1, 2)]
    new = {test for shard in after for test in shard if test.startswith("test_a.py")}
    assert len(new) == 12
    assert [shard - new for shard in after] == before


@pytest.mark.parametrize("total", [2, 3, 4])
def test_no_shard_has_less_than_half_of_its_share(units: dict[str, str], total: int) -> None:
    long = ("tests/world/", "tests/fks_infra/test_engine_kills.py")
    scenarios = {unit for unit in units.values() if unit.startswith(long)}
    for names in (set(units.values()), scenarios):
        sizes = Counter(shard_of(name, total) for name in names)
        assert min(sizes[number] for number in range(1, total + 1)) >= len(names) / total / 2


def test_a_shard_is_parsed() -> None:
    assert parse("2/3") == (2, 3)


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "a/b", "1/", "/2", "-1/2"])
def test_a_malformed_shard_is_an_error(text: str) -> None:
    with pytest.raises(pytest.UsageError, match="write I/N"):
        parse(text)
