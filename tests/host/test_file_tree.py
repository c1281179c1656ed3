from pathlib import Path

from host.fks_deploy import file_tree


def test_a_synchronised_directory_contains_exactly_the_given_files(tmp_path: Path) -> None:
    (tmp_path / "old.conf").write_text("old")
    assert file_tree.sync(tmp_path, {"a.conf": b"a", "sub/b.conf": b"b"}) == [
        "a.conf",
        "sub/b.conf",
        "old.conf",
    ]
    assert file_tree.read(tmp_path) == {"a.conf": b"a", "sub/b.conf": b"b"}


def test_sync_keeps_the_inode_of_a_mounted_directory(tmp_path: Path) -> None:
    file_tree.sync(tmp_path / "mounted", {"a": b"1"})
    before = (tmp_path / "mounted").stat().st_ino
    file_tree.sync(tmp_path / "mounted", {"a": b"2"})
    assert (tmp_path / "mounted").stat().st_ino == before


def test_a_second_sync_writes_no_file(tmp_path: Path) -> None:
    file_tree.sync(tmp_path, {"a": b"1"})
    before = (tmp_path / "a").stat().st_ino
    assert file_tree.sync(tmp_path, {"a": b"1"}) == []
    assert (tmp_path / "a").stat().st_ino == before


def test_the_mode_of_new_files_can_be_set(tmp_path: Path) -> None:
    file_tree.sync(tmp_path, {"with-secrets.sh": b"#!/bin/sh\n"}, mode=0o755)
    assert (tmp_path / "with-secrets.sh").stat().st_mode & 0o777 == 0o755
