"""The same files give the same bytes on every machine."""

import hashlib
import io
import os
import tarfile
from pathlib import Path

from fks_infra.release import bundle


def laid_out(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def members(content: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.getmembers()


def test_modes_times_order_and_line_ends_do_not_matter(tmp_path: Path) -> None:
    one = laid_out(tmp_path / "one", {"b/run.sh": b"#!/bin/sh\n", "a.conf": b"x\ny\n"})
    two = laid_out(tmp_path / "two", {"a.conf": b"x\r\ny\r\n", "b/run.sh": b"#!/bin/sh\r\n"})
    (two / "a.conf").chmod(0o777)
    (two / "b" / "run.sh").chmod(0o600)
    os.utime(two / "a.conf", (1, 1))
    assert bundle.pack(bundle.tree(one)) == bundle.pack(bundle.tree(two))


def test_one_changed_byte_changes_the_digest(tmp_path: Path) -> None:
    first = bundle.write({"a": b"1"}, tmp_path)
    second = bundle.write({"a": b"2"}, tmp_path)
    assert first.digest != second.digest


def test_the_digest_is_that_of_sha256sum(tmp_path: Path) -> None:
    made = bundle.write({"a": b"1"}, tmp_path)
    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.digest
    assert made.path.name == f"{made.digest}.tar"


def test_scripts_are_executable_and_no_owner_is_stored() -> None:
    found = members(bundle.pack({"bin/deploy": b"#!/usr/bin/python3\n", "a.conf": b"x"}))
    assert [(m.name, m.mode, m.uid, m.gid, m.uname, m.mtime) for m in found] == [
        ("a.conf", 0o644, 0, 0, "", 0),
        ("bin/deploy", 0o755, 0, 0, "", 0),
    ]


def test_binary_files_keep_every_byte() -> None:
    assert bundle.normalise(b"\0\r\n") == b"\0\r\n"


def test_caches_hidden_and_excluded_files_are_left_out(tmp_path: Path) -> None:
    names = ("keep.py", ".env", "old~", "__pycache__/x.pyc", "sub/.git/config", "README.md")
    root = laid_out(tmp_path, dict.fromkeys(names, b""))
    assert list(bundle.tree(root, leave_out=("README.md",))) == ["keep.py"]


def test_the_default_place_is_relative_to_the_working_directory() -> None:
    assert not bundle.BUNDLES.is_absolute()


def test_an_existing_bundle_is_not_written_again(tmp_path: Path) -> None:
    first = bundle.write({"a": b"1"}, tmp_path)
    before = first.path.stat().st_mtime_ns
    bundle.write({"a": b"1"}, tmp_path)
    assert first.path.stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [first.path.name]
