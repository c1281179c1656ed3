import json
import os

from host.fks_deploy import stops
from host.fks_deploy.lock import deploy_lock
from host.fks_deploy.status import deploys
from tests.host.watch.server import NOON, WatchedServer


def test_before_the_first_deploy(watched: WatchedServer) -> None:
    paths = watched.paths
    assert (deploys.release(paths), deploys.running(paths), deploys.last(paths)) == (None,) * 3


def test_the_release_in_service_and_since_when(watched: WatchedServer) -> None:
    (watched.root / "opt/fks/releases/abc").mkdir(parents=True)
    watched.paths.current.symlink_to("releases/abc")
    os.utime(watched.paths.current, (NOON, NOON), follow_symlinks=False)
    assert deploys.release(watched.paths) == {"digest": "abc", "since": "2027-01-15T08:00:00Z"}


def test_a_deploy_runs_while_it_has_the_lock(watched: WatchedServer) -> None:
    with deploy_lock(watched.paths.lock, "abc", "ops", 0):
        found = deploys.running(watched.paths)
        assert found is not None
        assert (found["who"], found["digest"], found["pid"]) == ("ops", "abc", os.getpid())
    assert deploys.running(watched.paths) is None


def test_the_last_deploy_without_its_steps(watched: WatchedServer) -> None:
    first = {
        "time": "2026-11-27T10:00:00Z",
        "who": "ops",
        "digest": "a",
        "result": "ok",
        "steps": [],
    }
    second = {**first, "result": "failed", "error": "no space"}
    restart = {**first, "kind": "restart", "text": "container api-beat was unhealthy"}
    lines = [json.dumps(one) for one in (first, second, restart)]
    watched.file("var/lib/fks/journal.jsonl", "\n".join([*lines, "{damaged", ""]))
    assert deploys.last(watched.paths) == {
        "time": "2026-11-27T10:00:00Z",
        "who": "ops",
        "digest": "a",
        "result": "failed",
        "error": "no space",
    }


def test_a_start_or_a_stop_is_no_deploy(watched: WatchedServer) -> None:
    deploy = {"time": "2026-11-27T10:00:00Z", "who": "ops", "digest": "a", "result": "ok"}
    stop = {**deploy, "time": "2026-11-27T11:00:00Z", "kind": "stop"}
    watched.file("var/lib/fks/journal.jsonl", f"{json.dumps(deploy)}\n{json.dumps(stop)}\n")
    assert deploys.last(watched.paths) == {**deploy, "error": None}


def test_stopped_stacks(watched: WatchedServer) -> None:
    assert deploys.stopped(watched.paths) == {}
    stops.mark(watched.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann", "new disk"))
    assert deploys.stopped(watched.paths) == {
        "api": {"since": "2026-11-27T10:00:00Z", "who": "ann", "reason": "new disk", "keeps": ()}
    }
