"""The pairs of backups and restores, with a server that answers at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest

from rehearsal.bench import backups
from rehearsal.bench.backups import Times, figures
from rehearsal.bench.load import LoadResult

JOURNAL = [
    {"kind": "restore", "steps": [{"name": "restore", "seconds": 9.0}]},
    {"kind": "restore", "steps": [{"name": "restore", "seconds": 5.0}]},
    {"digest": "d"},
]


class FakeScenario:
    """Records the commands on the server."""

    def __init__(self) -> None:
        self.commands: list[str] = []

    def on_server(self, server: str, *command: str) -> str:
        assert server == "api"
        self.commands.append(" ".join(command))
        if command[0] == "cat":
            return "".join(f"{json.dumps(line)}\n" for line in JOURNAL)
        return "fks-1.dump\n" if "tail" in command[-1] else ""


class FakeLoad:
    """Its response times are given."""

    def __init__(self, times: Sequence[float], failures: dict[str, int]) -> None:
        self.times, self.failures = list(times), failures

    def run(self, _url: str, seconds: int, connections: int) -> LoadResult:
        assert connections == 1
        return LoadResult(10, float(seconds), self.failures, self.times.pop(0), 99.0)


def test_both_sides_run_in_a_container_of_the_same_service() -> None:
    fake, times = FakeScenario(), Times()
    backups.dumps(cast(Any, fake), times)
    ours, bare, _ = fake.commands
    assert ours.endswith("run --rm --no-deps -T db-backup")
    assert "--entrypoint bash db-backup -c" in bare and "pg_dump -Fc" in bare
    assert (len(times.dump), len(times.bare_dump)) == (1, 1)


def test_the_bare_restore_reads_the_same_dump_and_leaves_nothing() -> None:
    fake, times = FakeScenario(), Times()
    backups.restores(cast(Any, fake), times)
    used = [one for one in fake.commands if "fks-1.dump" in one]
    assert len(used) == 2 and "pg_restore" in used[1]
    assert times.steps == {"restore": [5.0]}
    assert fake.commands[-1].endswith("DROP DATABASE bench")
    assert any(one.endswith("restore api finish") for one in fake.commands)


def test_requests_are_compared_by_their_medians() -> None:
    fake, times = FakeScenario(), Times()
    before = [9.0, *[2.0] * (backups.WINDOWS - 1), 8.0]
    backups.requests(cast(Any, fake), cast(Any, FakeLoad([*before, *[3.0] * 99], {})), "u", times)
    assert times.before == [2.0]
    assert times.proved and fake.commands == ["/usr/local/lib/fks/current/bin/backup api"]


def test_a_failed_request_is_an_error() -> None:
    load = FakeLoad([1.0, 1.0], {"not_200": 1})
    with pytest.raises(RuntimeError, match="not_200"):
        backups.requests(cast(Any, FakeScenario()), cast(Any, load), "u", Times())


def test_ratios_are_of_pairs() -> None:
    times = Times([2.0], [9.0], [1.0], [6.0], {}, [4.0], [3.0], [2.0])
    times.steps = {"restore": [4.0], "compare": [1.0], "present": [0.5]}
    found = {one.name: one.values for one in figures(times)}
    assert found["dump with counts and checksums / pg_dump"] == (2.0,)
    assert found["backup with upload and proof / pg_dump"] == (9.0,)
    assert found["restore, compared with the dump / pg_restore"] == (1.25,)
    assert found["restore, all of prepare / pg_restore"] == (1.5,)
    assert found["restore: present"] == (0.5,)
    assert found["API call during a backup / without, median"] == (1.5,)
