from pathlib import Path

import pytest

from host.fks_deploy.release_changes import changes


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Path, Path]:
    """Two equal releases."""
    both = (tmp_path / "old", tmp_path / "new")
    for release in both:
        (release / "nginx").mkdir(parents=True)
        (release / "nginx/a.conf").write_text("a")
        (release / "release.env").write_text("TZ=UTC\nIMAGE_API=fks:api\nIMAGE_REFRESH_API=1\n")
        (release / "release.json").write_text('{"server": "api", "probes": []}')
        (release / "images.json").write_text('{"fks:api": "fks@sha256:1"}')
        (release / "deployed").touch()
    return both


def test_equal_releases(releases: tuple[Path, Path]) -> None:
    old, new = releases
    (new / "builds.json").write_text("{}")
    assert changes(old, new) == {"files": [], "images": [], "settings": []}


def test_each_kind_of_change_and_no_value_of_a_setting(releases: tuple[Path, Path]) -> None:
    old, new = releases
    (new / "nginx/a.conf").write_text("b")
    (old / "nginx/gone.conf").write_text("")
    env = "TZ=canary\nIMAGE_API=fks:api\nIMAGE_EDGE=nginx:1\nIMAGE_REFRESH_API=2\n"
    (new / "release.env").write_text(env)
    (new / "release.json").write_text('{"server": "api", "probes": ["canary"]}')
    (new / "images.json").write_text('{"fks:api": "fks@sha256:2"}')
    found = changes(old, new)
    assert found == {
        "files": ["nginx/a.conf", "nginx/gone.conf"],
        "images": [
            {"name": "API", "before": "fks@sha256:1", "after": "fks@sha256:2"},
            {"name": "EDGE", "before": None, "after": "nginx:1"},
        ],
        "settings": ["TZ", "probes"],
    }
    assert "canary" not in str(found)
