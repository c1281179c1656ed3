"""The objects as files."""

from pathlib import Path

import pytest

from rehearsal.clouds.s3.objects import Objects

BUCKET = ("us-ord", "fks-backup")


@pytest.mark.parametrize(
    "key", ["config", "fks/api/data/ab/cd", ".hidden", "../../etc/passwd", "ä b"]
)
def test_each_key_is_one_file_below_its_bucket(tmp_path: Path, key: str) -> None:
    objects = Objects(tmp_path)
    objects.put(BUCKET, key, b"x")
    (file,) = tmp_path.joinpath(*BUCKET).iterdir()
    assert (file.read_bytes(), objects.get(BUCKET, key), objects.keys(BUCKET)) == (
        b"x",
        b"x",
        [key],
    )
    objects.delete(BUCKET, key)
    assert (objects.get(BUCKET, key), objects.keys(BUCKET)) == (None, [])
    objects.delete(BUCKET, key)


def test_an_unfinished_object_is_not_listed(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    objects.put(BUCKET, "whole", b"x")
    tmp_path.joinpath(*BUCKET, ".part").write_bytes(b"x")
    assert objects.keys(BUCKET) == ["whole"]
    objects.clear()
    assert list(tmp_path.iterdir()) == []
