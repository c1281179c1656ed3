import os
from pathlib import Path

from host.fks_deploy import stops
from host.fks_deploy.paths import Paths
from host.fks_deploy.stops import Stop

STOP = Stop("2026-11-27T10:00:00Z", "ann@laptop", "new disk")
OTHER = Stop("2026-11-27T11:00:00Z", "bob")


def test_a_marker_lasts_until_it_is_cleared(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert stops.load(paths) == {}
    stops.mark(paths, ["api", "web"], STOP)
    assert stops.load(paths) == {"api": STOP, "web": STOP}
    stops.clear(paths, ["api", "auth"])
    assert stops.load(paths) == {"web": STOP}


def test_the_first_stop_counts(tmp_path: Path) -> None:
    stops.mark(Paths(tmp_path), ["api"], STOP)
    stops.mark(Paths(tmp_path), ["api", "web"], OTHER)
    assert stops.load(Paths(tmp_path)) == {"api": STOP, "web": OTHER}


def test_a_stop_of_all_counts_after_one_that_keeps_services(tmp_path: Path) -> None:
    paths, paused = Paths(tmp_path), Stop("2026-11-27T09:00:00Z", "bob", keeps=("api-postgres",))
    stops.mark(paths, ["api"], paused)
    assert (stops.load(paths), stops.without_databases(paths)) == ({"api": paused}, set())
    stops.mark(paths, ["api"], STOP)
    stops.mark(paths, ["api"], paused)
    assert (stops.load(paths), stops.without_databases(paths)) == ({"api": STOP}, {"api"})


def test_a_damaged_marker_still_counts(tmp_path: Path) -> None:
    stops.mark(Paths(tmp_path), ["api"], STOP)
    file = Paths(tmp_path).stopped / "api.json"
    file.write_text("{")
    os.utime(file, (0, 0))
    assert stops.load(Paths(tmp_path)) == {"api": Stop("1970-01-01T00:00:00Z", "an unknown user")}


def test_stacks_with_the_same_stop_share_a_sentence() -> None:
    text = stops.sentence({"api": STOP, "auth": OTHER, "web": STOP})
    assert text == (
        "api, web are stopped since 2026-11-27T10:00:00Z by ann@laptop (new disk); "
        "auth is stopped since 2026-11-27T11:00:00Z by bob"
    )
