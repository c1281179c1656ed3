"""What pulumi prints about the stack."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate.deployed_stack import read

SERVER = {"roles": ["api"], "instanceId": 1001, "address": "100.64.0.7", "hostKey": "ssh-ed25519 A"}
FAKE = """#!/bin/sh
echo "$*" >>"{here}/calls"
case "$*" in
  *"--stack nosuch"*) echo "error: no stack named 'nosuch' found" >&2; exit 255 ;;
  *"stack --show-name"*) echo prod ;;
  *"config get fks:deployKey"*) cat "{here}/key" ;;
  *"stack output"*) cat "{here}/outputs" ;;
esac
"""


@pytest.fixture(autouse=True)
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the files that pulumi prints."""
    script = tmp_path / "bin/pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(here=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    (tmp_path / "key").write_text("canary-key\n")
    deployed(tmp_path, auth=SERVER, api=SERVER)
    return tmp_path


def deployed(pulumi: Path, **servers: Any) -> None:
    (pulumi / "outputs").write_text(json.dumps({"inventory": {"servers": servers}}))


def test_servers_and_key_of_the_selected_stack(pulumi: Path) -> None:
    found = read("")
    assert (found.name, found.deploy_key) == ("prod", "canary-key\n")
    assert [server.name for server in found.servers] == ["auth", "api"]
    assert found.servers[0].host_key == "ssh-ed25519 A"
    assert "--stack" not in (pulumi / "calls").read_text()
    assert "canary" not in repr(found)


def test_a_stack_that_is_named(pulumi: Path) -> None:
    assert read("blue").name == "blue"
    calls = (pulumi / "calls").read_text().splitlines()
    assert len(calls) == 2 and all(call.endswith("--stack blue") for call in calls)


def test_servers_are_selected_by_name_in_the_order_of_the_stack() -> None:
    found = read("")
    assert [one.name for one in found.selected(["api", "auth"])] == ["auth", "api"]
    assert [one.name for one in found.selected([])] == ["auth", "api"]


def test_a_wrong_server_name_is_an_error_with_the_right_ones() -> None:
    with pytest.raises(OperatorError, match="stack prod has no server 'apl'; it has auth, api"):
        read("").selected(["apl"])


def test_a_wrong_stack_is_an_error_with_the_command_that_lists_them() -> None:
    with pytest.raises(
        OperatorError, match=r"no stack named 'nosuch' found\nNext: pulumi stack ls"
    ):
        read("nosuch")


@pytest.mark.parametrize("outputs", ["{}", ""])
def test_nothing_is_deployed(pulumi: Path, outputs: str) -> None:
    (pulumi / "outputs").write_text(outputs)
    message = r"nothing is deployed: stack blue has no servers\nNext: pulumi up --stack blue"
    with pytest.raises(OperatorError, match=message):
        read("blue")


def test_a_key_that_cannot_be_decrypted_is_an_error(pulumi: Path) -> None:
    (pulumi / "key").unlink()
    with pytest.raises(OperatorError, match=r"config get fks:deployKey \.\.\. failed: cat"):
        read("")
