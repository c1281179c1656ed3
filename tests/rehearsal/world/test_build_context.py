"""A build context depends on file names, contents and modes only."""

import io
import os
import tarfile
from pathlib import Path

from rehearsal.world.build_context import EPOCH, Image, write_context


def content(image: Image) -> bytes:
    file = io.BytesIO()
    write_context(image, file)
    return file.getvalue()


def test_an_unchanged_context_has_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    before = content(Image("tag", tmp_path))
    os.utime(tmp_path / "Dockerfile", (1, 1))
    assert content(Image("tag", tmp_path)) == before
    (tmp_path / "Dockerfile").chmod(0o755)
    assert content(Image("tag", tmp_path)) != before


def test_a_private_checkout_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "script").chmod(0o755)
    before = content(Image("tag", tmp_path))
    (tmp_path / "Dockerfile").chmod(0o600)
    (tmp_path / "script").chmod(0o700)
    assert content(Image("tag", tmp_path)) == before


def test_further_files_and_trees_are_added_without_bytecode(tmp_path: Path) -> None:
    context, tree = tmp_path / "context", tmp_path / "tree"
    for directory in (context, tree / "inner", tree / "__pycache__"):
        directory.mkdir(parents=True)
    for path in (context / "Dockerfile", tree / "inner" / ".keep", tree / "__pycache__" / "a.pyc"):
        path.touch()
    image = Image("tag", context, {"plugins/": tree, "lock": context / "Dockerfile"})
    with tarfile.open(fileobj=io.BytesIO(content(image))) as archive:
        members = archive.getmembers()
    assert [row.name for row in members] == ["Dockerfile", "lock", "plugins/inner/.keep"]
    assert {(row.mtime, row.uid, row.mode) for row in members} == {(EPOCH, 0, 0o644)}
