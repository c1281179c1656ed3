import json
from pathlib import Path

from host.fks_deploy.backup import staging
from host.fks_deploy.paths import Paths


def test_the_files_of_the_dump_are_linked_and_those_of_the_last_backup_go(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.dumps.mkdir(parents=True)
    dump = paths.dumps / "fks-20260101T000000Z.dump"
    for suffix in (".dump", ".tables", ".proof.json"):
        dump.with_suffix(suffix).write_text('{"postgres": "17.6"}\n["public.a", 9, "1"]\n')
    old = staging.directory(paths, "api") / "queue"
    old.mkdir(parents=True)
    place = staging.begin(paths, "api", dump)
    assert sorted(file.name for file in place.iterdir()) == [dump.name, f"{dump.stem}.tables"]
    assert (place / dump.name).stat().st_ino == dump.stat().st_ino
    assert place.stat().st_mode & 0o777 == 0o700
    found = staging.write_manifest(place, dump, {"set": "api"})
    assert json.loads((place / "manifest.json").read_text()) == found
    assert (found["set"], found["database"]) == ("api", {"postgres": "17.6"})
    assert set(found["files"]) == {dump.name, f"{dump.stem}.tables"}
