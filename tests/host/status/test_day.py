"""What a page about a server shows: usage of a day, deploys of a week, and whom it calls."""

import json

from host.fks_deploy.status import day
from host.fks_deploy.watch import day as usage
from host.fks_deploy.watch.samples import UsageSample
from tests.host.watch.server import NOON, WatchedServer


def test_samples_deploys_and_peers(watched: WatchedServer) -> None:
    for seconds in (0.0, 60.0):
        sample = UsageSample(time=NOON + seconds, cpu=10.0, memory=None, disk=5.0)
        usage.record(watched.paths.day, sample)
    # NOON is 2027-01-15T08:00:00Z.
    entries = [
        {"time": "2027-01-01T00:00:00Z", "who": "ann", "digest": "old", "result": "ok"},
        {"time": "2027-01-14T00:00:00Z", "who": "ann", "digest": "new", "result": "ok"},
        {"time": "2027-01-14T01:00:00Z", "kind": "lock", "who": "ann", "text": "audit"},
    ]
    watched.file("var/lib/fks/journal.jsonl", "".join(f"{json.dumps(one)}\n" for one in entries))
    found = day.report(watched.paths, NOON + 120)
    assert found["samples"] == [[NOON, 10.0, None, 5.0], [NOON + 60, 10.0, None, 5.0]]
    assert [one["digest"] for one in found["deploys"]] == ["new"]
    assert found["peers"] == []
