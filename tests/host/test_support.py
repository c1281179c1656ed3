"""The parts of a support bundle: masked, bounded, and named when they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from host.fks_deploy import support
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import CommandFailedError, Result


class FakeShell:
    """Results by the last path component of the first word."""

    def __init__(self, **results: Result | Exception) -> None:
        self.results = results

    def attempt(self, command: Sequence[str], *, timeout: float) -> Result:
        assert timeout > 60
        found = self.results.get(Path(command[0]).name, Result(0, f"{command[-1]}\n", ""))
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    (tmp_path / "etc/fks/secrets/api").mkdir(parents=True)
    (tmp_path / "etc/fks/secrets/api/REDIS_PASSWORD").write_text("canary-5f3e")
    return Paths(tmp_path)


def parts(paths: Paths, shell: FakeShell) -> dict[str, dict[str, Any]]:
    found = support.collect(paths, cast(Any, shell), 3600)
    return {one["name"]: one for one in found["parts"]}


def test_every_part_is_there_and_logs_go_back_as_asked(paths: Paths) -> None:
    found = parts(paths, FakeShell())
    assert set(found) == set(support.commands(paths, 3600))
    assert {"status.json", "drift.json", "logs.jsonl", "packages.txt", "firewall.txt"} < set(found)
    assert found["logs.jsonl"]["text"] == "3600\n"
    assert not any(one["error"] for one in found.values())


def test_secrets_are_masked_also_in_errors(paths: Paths) -> None:
    shown = Result(1, "PASSWORD=canary-5f3e\n", "refused: canary-5f3e\n")
    found = parts(paths, FakeShell(docker=shown, nft=CommandFailedError("canary-5f3e is late")))
    assert found["containers.txt"]["text"] == "PASSWORD=***\n"
    assert found["containers.txt"]["error"] == "exit code 1: refused: ***"
    assert (found["firewall.txt"]["text"], found["firewall.txt"]["error"]) == ("", "*** is late")


def test_a_program_that_is_missing_is_an_error_of_its_part(paths: Paths) -> None:
    found = parts(paths, FakeShell(tailscale=FileNotFoundError("no tailscale")))
    assert found["tailnet.txt"]["error"] == "no tailscale"
    assert found["disk.txt"]["error"] == ""


def test_the_end_of_a_long_part_is_kept(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "LIMIT", 4)
    found = parts(paths, FakeShell(uptime=Result(0, "0123456789", "")))
    assert (found["load.txt"]["text"], found["load.txt"]["cut"]) == ("6789", 6)
