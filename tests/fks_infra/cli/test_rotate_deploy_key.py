"""`fks rotate deploy-key` with servers that have real files, ended at each step and run again."""

from pathlib import Path

import pytest

from fks_infra.cli import rotate
from tests.fks_infra.cli.servers import NAMES, run
from tests.fks_infra.rotate.login_servers import Killed, LoginServers, create

ALL_STEPS = (
    *(f"add {name}" for name in NAMES),
    *("store fks:deployKey", "store fks:deployPublicKey", "up"),
    *(f"{word} {name}" for word in ("only", "prove", "refused") for name in NAMES),
)


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoginServers:
    return create(tmp_path, monkeypatch)


def check_done(servers: LoginServers, old: str) -> None:
    new = servers.configured()
    assert new != old
    assert [servers.keys(name) for name in NAMES] == [[new]] * 3
    assert not any((servers.paths(name).removed_deploy_keys).exists() for name in NAMES)
    assert all(old in servers.proved[name] for name in NAMES)


def test_the_new_key_comes_beside_the_old_one_which_is_then_refused(servers: LoginServers) -> None:
    old = servers.configured()
    result = run("rotate", "deploy-key", "--yes", columns=200)
    assert result.exit_code == 0, result.stderr
    assert tuple(servers.steps) == ALL_STEPS
    check_done(servers, old)
    assert servers.ups == [["pulumi", "up", "--stack", "prod", "--yes", "--skip-preview"]]
    lines = result.stdout.splitlines()
    assert f"  api: {old} (fks-prod)" in lines
    assert "Nothing is restarted, and no request fails (0 s)." in lines
    assert f"web refuses {old}." in lines
    assert lines[-1].startswith("Commit Pulumi.prod.yaml: ")


@pytest.mark.parametrize("step", range(1, len(ALL_STEPS) + 1), ids=lambda n: ALL_STEPS[n - 1])
def test_ended_after_a_step_the_next_run_completes_it(servers: LoginServers, step: int) -> None:
    old = servers.configured()
    servers.kill_at = step
    with pytest.raises(Killed):
        rotate.run("prod", "deploy-key", "", lambda _: True)
    stored, between = servers.configured(), [*servers.steps]
    result = run("rotate", "deploy-key", "--yes", columns=200)
    assert result.exit_code == 0, result.stderr
    check_done(servers, old)
    # Until the last proof is recorded, a key that is stored is not replaced by another one.
    finished = old != stored and between != [*ALL_STEPS]
    assert (servers.configured() == stored) is finished
    assert ("An earlier rotation was interrupted" in result.stdout) is finished


def test_without_a_yes_nothing_is_changed(servers: LoginServers) -> None:
    assert run("rotate", "deploy-key", text="n\n").exit_code == 2
    assert servers.steps == []


@pytest.mark.parametrize(
    ("options", "message"), [(["--role", "api"], "one of all servers"), ([], "")]
)
def test_bad_input_and_a_lock_change_nothing(
    servers: LoginServers, options: list[str], message: str
) -> None:
    servers.locked = True
    result = run("rotate", "deploy-key", "--yes", *options, columns=200)
    assert result.exit_code == 2
    assert (message or "The stack is locked by ann") in result.stderr
    assert servers.steps == []


def test_a_server_that_goes_away_while_keys_are_added(servers: LoginServers) -> None:
    old = servers.configured()
    servers.gone = ("api",)
    result = run("rotate", "deploy-key", "--yes", columns=300)
    assert result.exit_code == 1
    assert "api was not reached: SSH to 100.64.0.2: Connection timed out. " in result.stderr
    assert "The configuration has the old key, which every server still accepts." in result.stderr
    assert result.stderr.endswith("; then fks rotate deploy-key\n")
    assert (servers.configured(), servers.ups) == (old, [])
    servers.gone = ()
    assert run("rotate", "deploy-key", "--yes").exit_code == 0
    check_done(servers, old)


def test_an_update_that_fails_keeps_both_keys(servers: LoginServers) -> None:
    old = servers.configured()
    servers.up_code = 255
    result = run("rotate", "deploy-key", "--yes", columns=300)
    assert result.exit_code == 1
    assert "pulumi up failed" in result.stderr
    assert [servers.keys(name) for name in NAMES] == [[old, servers.configured()]] * 3
    servers.up_code = 0
    result = run("rotate", "deploy-key", "--yes", columns=200)
    assert (result.exit_code, len(servers.ups)) == (0, 2)
    check_done(servers, old)


def test_a_removed_key_that_still_opens_a_server_is_said(servers: LoginServers) -> None:
    old = servers.configured()
    servers.keep = ("api",)
    result = run("rotate", "deploy-key", "--yes", columns=300)
    assert result.exit_code == 1
    assert f"api still accepts {old}" in result.stderr
    servers.keep = ()
    assert run("rotate", "deploy-key", "--yes").exit_code == 0
    check_done(servers, old)


def test_a_key_from_elsewhere_is_removed_as_well(servers: LoginServers) -> None:
    old = servers.configured()
    file = servers.paths("web").root / "home/deploy/.ssh/authorized_keys"
    file.write_text(file.read_text() + f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'Ao' * 21}A x\n")
    result = run("rotate", "deploy-key", "--yes", columns=200)
    assert result.exit_code == 0, result.stderr
    assert "An earlier" not in result.stdout
    check_done(servers, old)
    assert len(servers.proved["web"]) == 2
