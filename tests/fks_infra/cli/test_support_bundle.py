"""`fks support-bundle`: an archive with an index, without secrets, also without a server."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import support_bundle
from fks_infra.errors import OperatorError
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.operate.reports import GONE

SETTINGS = {"fks:domain": {"value": "example.org"}, "fks:key": {"secret": True, "value": "canary"}}


def document(*parts: dict[str, Any]) -> dict[str, Any]:
    whole = [{"cut": 0, "error": "", **one} for one in parts]
    return {"parts": whole, "time": "2026-11-27T10:00:00Z"}


def pulumi(*arguments: str) -> str:
    if arguments[0] == "config":
        return json.dumps(SETTINGS)
    if arguments[:2] == ("stack", "history"):
        raise OperatorError("the backend does not answer")
    return "{}\n"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeServers:
    fake = servers.install(monkeypatch)
    status = {"name": "status.json", "text": "{}"}
    cut = {"name": "logs.jsonl", "text": "end", "cut": 7, "error": "exit code 1: a | b"}
    fake.reports = {"auth": document(status), "api": document(status, cut), "web": GONE}
    monkeypatch.setattr(support_bundle, "pulumi", pulumi)
    monkeypatch.setattr(support_bundle, "run", lambda command: f"{command[-2]}\n")
    monkeypatch.chdir(tmp_path)
    return fake


def files(path: Path) -> dict[str, str]:
    with tarfile.open(path) as tar:
        members = [(one, tar.extractfile(one)) for one in tar]
        assert {one.mode for one, _ in members} == {0o600}
        return {one.name: stream.read().decode() for one, stream in members if stream}


def names(found: Sequence[str]) -> list[str]:
    return sorted(name.partition("/")[2] for name in found)


def test_the_archive_has_every_part_and_an_index(found: FakeServers, tmp_path: Path) -> None:
    result = run("support-bundle", "--since", "2h", "--out", "bundle.tar.gz")
    assert result.exit_code == 1
    assert found.commands[0][0].endswith("/bin/support-bundle 7200")
    assert "web: not reached: " in result.stderr
    assert result.stdout.startswith("bundle.tar.gz: ")
    assert result.stdout.endswith(" files of auth, api, operator; 3 with a note in INDEX.md\n")
    archive = tmp_path / "bundle.tar.gz"
    assert archive.stat().st_mode & 0o777 == 0o600
    content = files(archive)
    own = ["changes.txt", "commit.txt", "outputs.json", "settings.json", "updates.json"]
    assert names(list(content)) == [
        *("INDEX.md", "api/logs.jsonl", "api/status.json", "auth/status.json"),
        *(f"operator/{name}" for name in [*own, "versions.json"]),
    ]
    index = content["bundle/INDEX.md"]
    assert f"| web/ | 0 | not reached: {GONE.reason} |" in index
    text = "its first 7 characters are left out; exit code 1: a \\| b"
    assert f"| api/logs.jsonl | 3 | {text} |" in index
    assert "| operator/updates.json | 0 | the backend does not answer |" in index


def test_a_secret_setting_has_no_value(found: FakeServers, tmp_path: Path) -> None:
    run("support-bundle", "--out", "bundle.tar.gz")
    assert found.commands
    content = files(tmp_path / "bundle.tar.gz")
    assert "canary" not in "".join(content.values())
    settings = json.loads(content["bundle/operator/settings.json"])
    assert settings["fks:key"]["value"] == "***"
    assert settings["fks:domain"]["value"] == "example.org"


def test_an_existing_file_is_kept(found: FakeServers, tmp_path: Path) -> None:
    (tmp_path / "bundle.tar.gz").write_text("mine")
    result = run("support-bundle", "--out", "bundle.tar.gz")
    assert result.exit_code == 2
    assert "bundle.tar.gz cannot be written: File exists; choose another --out" in " ".join(
        result.stderr.split()
    )
    assert (tmp_path / "bundle.tar.gz").read_text() == "mine"
    assert len(found.commands) == 1


def test_the_default_name_has_stack_and_time(found: FakeServers, tmp_path: Path) -> None:
    assert run("support-bundle").exit_code == 1
    (file,) = tmp_path.glob("fks-support-prod-20*Z.tar.gz")
    assert file.stat().st_size > 100
    assert len(found.commands) == 1
