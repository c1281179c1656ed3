"""What keeps a dump from being restored."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import checks
from host.fks_deploy.restore.database import Database
from host.fks_deploy.restore.job import Job
from host.fks_deploy.restore.source import Source
from tests.host.restore.conftest import SET

HERE = {"postgres": "17.5 (Debian)", "encoding": "UTF8", "collation": "C.UTF-8"}
FACTS = {**HERE, "collation_version": "2.41", "extensions": ["plpgsql", "uuid-ossp"]}
CONTENTS = "; Archive\n2; 3079 16400 EXTENSION - uuid-ossp \n9; 0 1 TABLE DATA public t fks\n"


def source_of(directory: Path, manifest: dict[str, Any], *, proved: bool = True) -> Source:
    """A dump in a directory."""
    return Source(
        directory=directory,
        file="a.dump",
        snapshot="",
        made="2026-11-27T02:20:00Z",
        bytes=9,
        manifest=manifest,
        tables={},
        proved=proved,
    )


def run(
    tmp_path: Path, contents: str = CONTENTS, *, proved: bool = True, **manifest: Any
) -> list[str]:
    text = json.dumps(FACTS)
    database = SimpleNamespace(of=SET, query=lambda _: f"{text}\n")
    job = SimpleNamespace(disk=tmp_path, list=lambda _: contents or pytest.fail("it was read"))
    found = {**HERE, "collation_version": "2.41", "bytes": 1000, **manifest}
    source = source_of(tmp_path, found, proved=proved)
    return checks.run(cast(Database, database), cast(Job, job), source)


def test_a_dump_of_this_database(tmp_path: Path) -> None:
    assert run(tmp_path) == []
    assert run(tmp_path, postgres="16.9") == []


def test_what_is_only_worth_a_warning(tmp_path: Path) -> None:
    found = run(tmp_path, proved=False, collation="de_DE.UTF-8", collation_version="2.36")
    assert found == [
        "no restore has proved this dump yet",
        "its collation is de_DE.UTF-8, here it is C.UTF-8: text may be sorted otherwise",
        "its collation version is 2.36, here it is 2.41: text may be sorted otherwise",
    ]


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"postgres": "18.1"}, "made by PostgreSQL 18, and this is PostgreSQL 17"),
        ({"encoding": "LATIN1"}, "its encoding is LATIN1, and that of the database is UTF8"),
        ({"bytes": 1 << 60}, "MiB are needed: delete files, or choose a larger plan"),
    ],
)
def test_what_refuses_it(tmp_path: Path, manifest: dict[str, Any], reason: str) -> None:
    with pytest.raises(DeployError, match=reason):
        run(tmp_path, **manifest)


def test_an_extension_that_the_image_lacks(tmp_path: Path) -> None:
    contents = f"{CONTENTS}3; 3079 16401 EXTENSION - timescaledb \n"
    with pytest.raises(DeployError, match="extension timescaledb is not in the image"):
        run(tmp_path, contents)


def test_the_list_of_tables_has_the_extensions_too(tmp_path: Path) -> None:
    assert run(tmp_path, "", extensions=["plpgsql"]) == []
    with pytest.raises(DeployError, match="extension timescaledb is not in the image"):
        run(tmp_path, "", extensions=["plpgsql", "timescaledb"])
