from pathlib import Path

from host.fks_deploy import secrets


def test_values_are_world_readable_files_in_a_private_directory(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    assert secrets.write(directory, {"api": {"A": "value"}, "web": {}}) == ["api/A"]
    assert (directory / "api/A").read_text() == "value"
    assert (directory / "api/A").stat().st_mode & 0o777 == 0o444
    assert {d.stat().st_mode & 0o777 for d in (directory, directory / "api")} == {0o700}


def test_the_file_of_an_unchanged_value_is_not_written(tmp_path: Path) -> None:
    secrets.write(tmp_path, {"api": {"A": "one", "B": "two"}})
    before = (tmp_path / "api/A").stat()
    assert secrets.write(tmp_path, {"api": {"A": "one", "B": "new"}}) == ["api/B"]
    after = (tmp_path / "api/A").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_values_outside_of_the_request_are_deleted(tmp_path: Path) -> None:
    secrets.write(tmp_path, {"api": {"A": "one", "B": "two"}})
    assert secrets.remove_others(tmp_path, {"api": {"B": "two"}}) == ["api/A"]
    assert [file.name for file in tmp_path.glob("*/*")] == ["B"]
