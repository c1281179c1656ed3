from pathlib import Path

import pytest

from host.fks_deploy import served_builds
from host.fks_deploy.paths import Paths
from host.fks_deploy.served_builds import Served
from host.fks_deploy.static_builds import StaticBuild

WEB = StaticBuild("web", "IMAGE_WEB", "/html")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A server with the builds a, b and c, and one that is not complete."""
    paths = Paths(tmp_path)
    for name in ("a", "b", "c", "c.partial"):
        (paths.web / name).mkdir(parents=True)
    return paths


def release(paths: Paths, name: str, current: str, previous: str) -> Path:
    directory = paths.releases / name
    directory.mkdir(parents=True)
    served_builds.record(directory, {"web": Served(current, previous)})
    return directory


def test_what_a_release_serves_is_recorded_in_it(paths: Paths) -> None:
    directory = release(paths, "1", "b", "a")
    assert served_builds.recorded(directory) == {"web": Served("b", "a")}
    assert served_builds.values(directory, [WEB]) == {
        "WEB_ROOT": "/srv/fks/web/b",
        "WEB_PREVIOUS_ROOT": "/srv/fks/web/a",
    }


def test_the_names_of_the_values_are_known_before_the_first_deploy(paths: Paths) -> None:
    assert set(served_builds.values(paths.releases / "1", [WEB])) == {
        "WEB_ROOT",
        "WEB_PREVIOUS_ROOT",
    }


@pytest.mark.parametrize(
    ("current", "previous", "new", "expected"),
    [
        ("a", "a", "b", "a"),
        ("b", "a", "b", "a"),
        ("b", "a", "c", "b"),
        ("b", "gone", "b", "b"),
        ("gone", "a", "b", "a"),
    ],
)
def test_the_previous_build_is_the_last_other_one(
    paths: Paths, current: str, previous: str, new: str, expected: str
) -> None:
    directory = release(paths, "1", current, previous)
    assert served_builds.served(paths, directory, "web", new) == Served(new, expected)


def test_the_first_build_has_itself_as_the_previous_one(paths: Paths) -> None:
    assert served_builds.served(paths, None, "web", "a") == Served("a", "a")


def test_builds_that_no_kept_release_serves_are_removed(paths: Paths) -> None:
    kept = release(paths, "1", "b", "a")
    assert served_builds.prune(paths, [kept]) == 2
    assert {path.name for path in paths.web.iterdir()} == {"a", "b"}
    assert served_builds.prune(paths, [kept]) == 0
