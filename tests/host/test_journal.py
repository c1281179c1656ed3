import json
import os
from pathlib import Path

import pytest

from host.fks_deploy import journal
from host.fks_deploy.redact import Redactor


def test_each_entry_is_one_line_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "lib/journal.jsonl"
    redact = Redactor(["canary"])
    journal.append(file, {"result": "failed", "error": "bad\npassword canary"}, redact)
    journal.append(file, {"result": "ok"}, redact)
    lines = file.read_text().splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["failed", "ok"]
    assert json.loads(lines[0])["error"] == "bad\npassword ***"
    assert file.stat().st_mode & 0o777 == 0o640


def test_an_incomplete_line_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, write = tmp_path / "journal.jsonl", os.write
    journal.append(file, {"result": "ok"}, Redactor(()))
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:5]))
    with pytest.raises(OSError, match="No space left on device"):
        journal.append(file, {"result": "failed"}, Redactor(()))
    assert file.read_text() == '{"result": "ok"}\n'


def test_a_record_has_time_kind_and_who(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    journal.append(file, {"time": "2026-11-27T10:00:00Z", "result": "ok"}, Redactor(()))
    journal.record(file, "restart", "fks-watch", text="container api was unhealthy")
    (deploy, restart), damaged = journal.read(file)
    assert (deploy["kind"], damaged) == ("deploy", [])
    assert restart.pop("time").endswith("Z")
    text = "container api was unhealthy"
    assert restart == {"kind": "restart", "who": "fks-watch", "text": text}


def test_a_record_on_a_full_disk_is_lost_without_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda *_: 0)
    journal.record(tmp_path / "journal.jsonl", "restart", "fks-watch", text="")
    assert journal.read(tmp_path / "journal.jsonl") == ([], [])
