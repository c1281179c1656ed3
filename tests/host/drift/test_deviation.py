from pathlib import Path

from host.fks_deploy.drift.deviation import Deviation, attributes, not_ours, owner


def test_what_is_not_ours_is_removed_by_its_name() -> None:
    expected = Deviation("user", "x", "not present", "user id 7", "remove user x")
    assert not_ours("user", "x", "user id 7") == expected


def test_an_owner_without_a_name_is_a_number() -> None:
    assert owner(0, 0) == "root:root"
    assert owner(61234, 61235) == "61234:61235"


def test_attributes_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    file.chmod(0o640)
    info = file.stat()
    assert attributes(file) == f"640 {owner(info.st_uid, info.st_gid)}"
