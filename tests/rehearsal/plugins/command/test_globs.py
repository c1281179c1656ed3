"""Patterns choose files as they do in the real plugin."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.command.globs import archive, matching


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "c.md", "sub/a.txt", "sub/deep/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        (["*.txt"], ["a.txt", "b.txt"]),
        (["**.txt"], ["a.txt", "b.txt", "sub/a.txt", "sub/deep/d.txt"]),
        (["sub/*"], ["sub/a.txt"]),
        (["?.md"], ["c.md"]),
        (["[!a].txt"], ["b.txt"]),
        (["{a,c}.*"], ["a.txt", "c.md"]),
        (["*.txt", "!b.txt"], ["a.txt"]),
        (["*.none"], []),
    ],
)
def test_the_files_are(tree: Path, patterns: list[str], wanted: list[str]) -> None:
    assert list(matching(tree, patterns)) == wanted


def test_an_archives_hash_follows_names_and_contents(tree: Path) -> None:
    before = archive(matching(tree, ["*.txt"])).fields["hash"]
    (tree / "a.txt").write_text("other")
    assert archive(matching(tree, ["*.txt"])).fields["hash"] != before


def test_a_name_too_long_for_the_archive_is_refused(tree: Path) -> None:
    (tree / ("n" * 101)).write_text("")
    with pytest.raises(ProviderError, match="is longer than"):
        archive(matching(tree, ["n*"]))
