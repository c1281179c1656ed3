from pathlib import Path

from host.fks_deploy import tree


def test_a_synced_directory_holds_exactly_what_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "old.conf").write_text("old")
    assert tree.sync(tmp_path, {"a.conf": b"a", "sub/b.conf": b"b"}) == [
        "a.conf",
        "sub/b.conf",
        "old.conf",
    ]
    assert tree.read(tmp_path) == {"a.conf": b"a", "sub/b.conf": b"b"}


def test_a_sync_keeps_the_directory_that_a_container_has_mounted(tmp_path: Path) -> None:
    tree.sync(tmp_path / "mounted", {"a": b"1"})
    before = (tmp_path / "mounted").stat().st_ino
    tree.sync(tmp_path / "mounted", {"a": b"2"})
    assert (tmp_path / "mounted").stat().st_ino == before


def test_a_second_sync_changes_nothing(tmp_path: Path) -> None:
    tree.sync(tmp_path, {"a": b"1"})
    before = (tmp_path / "a").stat().st_ino
    assert tree.sync(tmp_path, {"a": b"1"}) == []
    assert (tmp_path / "a").stat().st_ino == before


def test_scripts_can_be_run_by_any_user(tmp_path: Path) -> None:
    tree.sync(tmp_path, {"with-secrets.sh": b"#!/bin/sh\n"}, mode=0o755)
    assert (tmp_path / "with-secrets.sh").stat().st_mode & 0o777 == 0o755
