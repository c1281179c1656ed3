"""A dump and its rows as streams; the "ssh" of both sides is a shell of this machine."""

import hashlib
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_stream
from fks_infra.migrate.legacy_dump import Source
from fks_infra.migrate.legacy_host import LegacyHost

# psql of the container: the snapshot at once, and the rows at the end of its input.
PSQL = """\
while read -r line; do
  case $line in *export_snapshot*) echo 00000003-1;; COMMIT*) echo "$ROWS"; exit;; esac
done
"""
ROWS = '{"database": "fks", "foreign": true}\n["public.trades", 7, "1"]\n["large objects", 0, "0"]'


class Shells(LegacyHost):
    """Runs psql as above, and pg_dump as the script."""

    def run(self, *_: str, **__: Any) -> str:
        return '{"ended": 1}'

    def docker_line(self, *words: str) -> list[str]:
        script = self.docker[0] if "pg_dump" in words else f"ROWS={shlex.quote(ROWS)}; {PSQL}"
        text = " ".join(words)
        return ["sh", "-c", script, text]


class Target:
    """Programs that write their input to files of `place`; `fails` is how they end."""

    name = "api"

    def __init__(self, place: Path, fails: str = "") -> None:
        self.place, self.fails = place, fails

    def line(self, words: Sequence[str]) -> list[str]:
        (self.place / "words").open("a").write(" ".join(words) + "\n")
        return ["sh", "-c", self.fails or f"cat >{self.place / words[2]}"]


def source(pg_dump: str) -> Source:
    host = Shells(target="root@old", port="", sockets=Path("/tmp"), docker=(pg_dump,))
    return Source(host=host, container="postgres", user="fks_user", database="fks")


def test_the_dump_ends_with_its_checksum_and_the_rows_follow(tmp_path: Path) -> None:
    target: Any = Target(tmp_path)
    dump = source("printf dumped; echo $0 >" + str(tmp_path / "pg_dump")).send("api", 99, target)
    assert (dump.bytes, dump.tables, dump.rows) == (6, 1, 7)
    content = (tmp_path / dump.file).read_bytes()
    assert content == b"dumped" + hashlib.sha256(b"dumped").hexdigest().encode()
    rows = (tmp_path / dump.file).with_suffix(".tables")
    assert rows.read_text() == f"{ROWS}\n"
    first, second = (tmp_path / "words").read_text().splitlines()
    assert first == f"transfer receive {dump.file} --bytes 99 --sha256 end"
    assert second.endswith(hashlib.sha256(rows.read_bytes()).hexdigest())
    assert "--snapshot=00000003-1 -U fks_user -d fks" in (tmp_path / "pg_dump").read_text()


def test_a_dump_that_ends_with_an_error_has_no_checksum(tmp_path: Path) -> None:
    target: Any = Target(tmp_path)
    with pytest.raises(OperatorError, match="old: pg_dump: error: lock timeout"):
        source("printf part; echo pg_dump: error: lock timeout >&2; exit 1").send("api", 9, target)
    (file,) = tmp_path.glob("*.dump")
    assert file.read_bytes() == b"part"
    assert not list(tmp_path.glob("*.tables"))


def test_a_receiver_that_ends_early_says_why(tmp_path: Path) -> None:
    target: Any = Target(tmp_path, "echo transfer: the disk is full >&2; exit 1")
    with pytest.raises(OperatorError, match="api: transfer: the disk is full"):
        source("head -c 9000000 /dev/zero").send("api", 9, target)


def test_a_session_that_ends_is_an_error(tmp_path: Path) -> None:
    class Ends(Shells):
        def docker_line(self, *words: str) -> list[str]:
            return ["sh", "-c", "echo 'psql: FATAL: role missing' >&2; exit 2", *words]

    host = Ends(target="root@old", port="", sockets=tmp_path)
    target: Any = Target(tmp_path)
    with pytest.raises(OperatorError, match="old: psql: FATAL: role missing"):
        Source(host=host, container="p", user="u", database="d").send("api", 9, target)
    assert list(tmp_path.iterdir()) == []


def test_content_is_written_to_a_program(tmp_path: Path) -> None:
    target: Any = Target(tmp_path)
    legacy_stream.write(target, ("transfer", "receive", "rows"), json.dumps([1]).encode())
    assert (tmp_path / "rows").read_text() == "[1]"
