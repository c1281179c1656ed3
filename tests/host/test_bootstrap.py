"""bootstrap.sh: its options, its lock, and the environment of the steps."""

import fcntl
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
VALID = {"--server": "api", "--roles": "api", "--zram-mib": "0", "--lock-wait": "0"}


def arguments(**changes: str) -> list[str]:
    """Valid options with changes; `zram_mib` is --zram-mib."""
    options = VALID | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [argument for option in options.items() for argument in option]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--server", "api"], "--roles is ''"),
        (arguments(server="API"), "--server is 'API'"),
        (arguments(roles="api,DB"), "--roles is 'api,DB'"),
        (arguments(roles="api,,web"), "--roles is 'api,,web'"),
        (arguments(roles="api;reboot"), "--roles is 'api;reboot'"),
        (arguments(zram_mib="1G"), "--zram-mib is '1G'"),
        (arguments(nvidia_key="C95B"), "--nvidia-key is 'C95B'"),
        (arguments(lock_wait="long"), "--lock-wait is 'long'"),
        (["--roles", "--server"], "--roles needs a value"),
        (["--colour"], "unknown option --colour"),
        (arguments(only="34-kernel,35-none"), "--only has the unknown step '35-none'"),
    ],
)
def test_invalid_options_are_named_and_exit_with_2(options: list[str], message: str) -> None:
    command = [str(HOST / "bootstrap.sh"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.fixture
def one_step(tmp_path: Path) -> Path:
    """bootstrap.sh with one step that logs its environment, in a directory of the test."""
    (tmp_path / "bootstrap.d").mkdir()
    step = tmp_path / "bootstrap.d/10-environment.sh"
    step.write_text("#!/bin/bash\nenv | grep '^FKS_'\n")
    step.chmod(0o755)
    limits = (HOST / "limits.env").read_text()
    assert "\nLOCK_MESSAGE_SECONDS=10\n" in limits
    (tmp_path / "limits.env").write_text(f"{limits}LOCK_MESSAGE_SECONDS=0.1\n")
    text = (HOST / "bootstrap.sh").read_text()
    for original, replacement in (
        ("/var/log/fks", str(tmp_path / "log")),
        ("/run/lock", str(tmp_path)),
        ("/var/lib/fks", str(tmp_path)),
        ("EUID != 0", "EUID < 0"),
    ):
        assert original in text
        text = text.replace(original, replacement)
    script = tmp_path / "bootstrap.sh"
    script.write_text(text)
    script.chmod(0o755)
    return script


def start(script: Path, *flags: str, **changes: str) -> subprocess.Popen[str]:
    command = [str(script), *arguments(**changes), *flags]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_any_role_name_reaches_the_steps(one_step: Path) -> None:
    done = start(one_step, server="data", roles="api,data-store2", zram_mib="512")
    out, err = done.communicate(timeout=30)
    assert (done.returncode, err) == (0, "")
    assert "nothing to change" in out
    log = (one_step.parent / "log/bootstrap.log").read_text()
    for line in ("FKS_SERVER=data", "FKS_ROLES=api,data-store2", "FKS_ZRAM_MIB=512"):
        assert f"{line}\n" in log


def test_a_bootstrap_waits_for_the_one_of_a_killed_run(one_step: Path) -> None:
    with (one_step.parent / "fks-bootstrap").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert start(one_step, lock_wait="0").wait(30) == 1
        waiting = start(one_step, lock_wait="600")
        assert waiting.stdout
        assert "waiting for another bootstrap" in waiting.stdout.readline()
        fcntl.flock(lock, fcntl.LOCK_UN)
        out, _ = waiting.communicate(timeout=30)
    assert waiting.returncode == 0
    assert "nothing to change" in out


def test_a_waiting_bootstrap_ends_when_its_connection_is_closed(one_step: Path) -> None:
    with (one_step.parent / "fks-bootstrap").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = start(one_step, lock_wait="600")
        assert waiting.stdout
        assert "waiting for another bootstrap" in waiting.stdout.readline()
        waiting.stdout.close()
        assert waiting.wait(30) != 0


def add_step(one_step: Path, name: str, text: str) -> None:
    step = one_step.parent / f"bootstrap.d/{name}.sh"
    step.write_text(f"#!/bin/bash\n{text}\n")
    step.chmod(0o755)


def test_a_run_of_all_steps_records_its_options(one_step: Path) -> None:
    recorded = one_step.parent / "bootstrap-options"
    start(one_step, only="10-environment").communicate(timeout=30)
    assert not recorded.exists()
    start(one_step, nvidia_key="AB" * 20).communicate(timeout=30)
    options = f"--server api --roles api --zram-mib 0 --nvidia-key {'AB' * 20}\n"
    assert recorded.read_text() == options
    start(one_step).communicate(timeout=30)
    assert recorded.read_text() == "--server api --roles api --zram-mib 0\n"


def test_only_runs_these_steps(one_step: Path) -> None:
    for name in ("20-a", "30-b", "40-c"):
        add_step(one_step, name, "true")
    out, _ = start(one_step, only="40-c,20-a").communicate(timeout=30)
    assert [line.split()[0] for line in out.splitlines()] == ["20-a", "40-c", "nothing"]


def test_a_check_prints_the_differences_and_writes_nothing_else(one_step: Path) -> None:
    add_step(one_step, "30-differs", "printf 'file\\t/a\\tx\\ty\\n' >>\"$FKS_CHANGES\"")
    add_step(one_step, "40-fails", "echo 'failed: no package source'; exit 1")
    out, err = start(one_step, "--check").communicate(timeout=30)
    assert err == ""
    assert out.splitlines() == [
        "30-differs\tfile\t/a\tx\ty",
        "40-fails\tstep\t40-fails\tpossible\tfailed: no package source",
    ]
    written = {path.name for path in one_step.parent.iterdir()} - {"fks-bootstrap"}
    assert written == {"bootstrap.d", "limits.env", "bootstrap.sh"}


def test_a_check_does_not_run_during_a_bootstrap_but_beside_another_check(one_step: Path) -> None:
    with (one_step.parent / "fks-bootstrap").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        checking = start(one_step, "--check")
        assert checking.communicate(timeout=30) == (
            "",
            "bootstrap: one runs on this server; try again after it has ended\n",
        )
        assert checking.returncode == 1
        fcntl.flock(lock, fcntl.LOCK_SH)
        checking = start(one_step, "--check")
        checking.communicate(timeout=30)
        assert checking.returncode == 0
