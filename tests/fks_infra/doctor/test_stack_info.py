"""What pulumi prints about the stack."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor.stack_info import read
from fks_infra.errors import OperatorError

CONFIG = {"fks:domain": {"value": "shop.example"}, "fks:mode": {"value": "multi"}}
SERVER = {"roles": ["api"], "instanceId": 1001, "address": "100.64.0.7", "label": "fks-prod-api"}
OUTPUTS = {"inventory": {"mode": "multi", "servers": {"api": SERVER}}, "adminPassword": "[secret]"}
FAKE = """#!/bin/sh
case "$*" in
  *"stack --show-name"*) echo prod ;;
  *"config --json"*) cat "{here}/config" ;;
  *"stack output"*) cat "{here}/outputs"; . "{here}/then" ;;
esac
"""


@pytest.fixture(autouse=True)
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the files that pulumi prints."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(here=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    write(tmp_path, config=CONFIG, outputs=OUTPUTS)
    (tmp_path / "then").write_text("")
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    return tmp_path


def write(pulumi: Path, **files: Any) -> None:
    for name, content in files.items():
        (pulumi / name).write_text(json.dumps(content))


def test_settings_and_servers_come_from_pulumi() -> None:
    stack = read("")
    assert (stack.stack, stack.domain, stack.zone) == ("prod",) + ("shop.example",) * 2
    assert stack.plans == {"auth": "g6-nanode-1", "api": "g6-standard-2", "web": "g6-nanode-1"}
    api = stack.inventory.of_role("api")
    assert api is not None
    assert (api.name, api.instance_id, api.address) == ("api", "1001", "100.64.0.7")
    assert (stack.inventory.of_role("web"), stack.undeployed) == (None, "")


def test_the_names_are_those_the_program_makes() -> None:
    fqdns = [host.fqdn for host in read("blue").names]
    assert fqdns == ["auth.shop.example", "api.shop.example", "shop.example", "www.shop.example"]


def test_one_server_has_one_plan(pulumi: Path) -> None:
    write(pulumi, config={**CONFIG, "fks:mode": {"value": "single"}})
    assert read("blue").plans == {"single": "g6-standard-4"}


def test_a_stack_without_outputs_has_no_servers_yet(pulumi: Path) -> None:
    write(pulumi, outputs={})
    assert read("blue").undeployed == "stack blue has no servers yet"


def test_outputs_that_cannot_be_read_do_not_stop_the_rest(pulumi: Path) -> None:
    (pulumi / "then").write_text("echo 'passphrase must be set' >&2; exit 255")
    unread = read("blue")
    assert "passphrase must be set" in unread.undeployed
    (pulumi / "then").write_text("")
    write(pulumi, outputs={"inventory": {"servers": {"api": {"label": "other"}}}})
    assert "they are not those of this program" in read("blue").undeployed


def test_a_stack_that_is_not_prepared_is_an_error(pulumi: Path) -> None:
    write(pulumi, config={})
    with pytest.raises(OperatorError, match=r"fks:domain is not set\. Run fks init --stack blue"):
        read("blue")


def test_an_encrypted_setting_is_an_error(pulumi: Path) -> None:
    write(pulumi, config={**CONFIG, "fks:region": {"secret": True}})
    with pytest.raises(OperatorError, match=r"fks:region is encrypted .* --plaintext fks:region"):
        read("blue")


def test_the_short_name_has_no_organization() -> None:
    stack = read("acme/fks/prod")
    assert (stack.stack, stack.short_name) == ("acme/fks/prod", "prod")


def test_a_pulumi_that_hangs_is_stopped(pulumi: Path) -> None:
    (pulumi / "then").write_text("sleep 3")
    undeployed = read("blue", seconds=1).undeployed
    assert "pulumi stack output --json ... did not end within 1 s" in undeployed


def test_a_pulumi_that_hangs_on_the_settings_is_an_error(pulumi: Path) -> None:
    (pulumi / "bin" / "pulumi").write_text("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(OperatorError, match=r"did not end within 0\.2 s"):
        read("blue", seconds=0.2)


def test_without_pulumi_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OperatorError, match="pulumi is not installed"):
        read("blue")


def test_no_secret_is_in_the_repr() -> None:
    assert "secret" not in repr(read("blue"))
