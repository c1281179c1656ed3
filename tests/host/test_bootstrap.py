"""The shell on servers: linted with every rule on, and of one shape."""

import fcntl
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
STEPS = sorted((HOST / "bootstrap.d").glob("*.sh"))
SINGLE = [HOST / "bootstrap.sh", HOST / "join.sh", HOST / "bin/reload-edge"]
SCRIPTS = [*SINGLE, *sorted((HOST / "lib").glob("*.sh")), *STEPS]


def test_shellcheck_finds_nothing_and_no_rule_is_off() -> None:
    done = subprocess.run(
        ["shellcheck", *map(str, SCRIPTS)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == ""
    assert not any("shellcheck disable" in script.read_text() for script in SCRIPTS)


@pytest.mark.parametrize(
    "script", [s for s in SCRIPTS if s.name != "steps.sh"], ids=lambda s: s.name
)
def test_every_script_is_executable_strict_and_says_what_it_is_for(script: Path) -> None:
    lines = script.read_text().splitlines()
    assert script.stat().st_mode & 0o111 == 0o111
    assert lines[0] == "#!/bin/bash" and lines[1].startswith("# ")
    assert "set -euo pipefail" in lines


def test_the_first_steps_only_check() -> None:
    changing = re.compile(r"install_file|write_file|directory |apt_get|systemctl|changed")
    assert len([step for step in STEPS if step.name < "30"]) >= 4
    for step in STEPS:
        if step.name < "30":
            assert not changing.search(step.read_text()), f"{step.name} changes something"


def test_every_installed_file_exists_and_every_file_is_installed() -> None:
    text = "".join(step.read_text() for step in STEPS)
    named = set(re.findall(r"install_file (/\S+)", text))
    files = {
        f"/{path.relative_to(HOST / 'files')}"
        for path in (HOST / "files").rglob("*")
        if path.is_file()
    }
    assert named == files


def test_the_readme_has_a_line_for_each_program() -> None:
    text = (HOST / "README.md").read_text()
    rows = set(re.findall(r"^\| `(bin/\S+)` \|", text, re.MULTILINE))
    assert rows == {f"bin/{program.name}" for program in (HOST / "bin").iterdir()}


def test_units_that_touch_the_kernel_stay_out_of_containers() -> None:
    for unit in (HOST / "files/etc/systemd/system").glob("fks-*.service"):
        if re.search("sysctl|zram", unit.read_text()):
            assert "ConditionVirtualization=!container" in unit.read_text()


def test_settings_of_the_whole_kernel_are_only_in_the_conditional_file() -> None:
    settings = (HOST / "files/etc/sysctl.d/60-fks.conf").read_text().splitlines()
    assert all(line.startswith(("#", "net.")) for line in settings)


def test_the_engine_publishes_on_loopback_and_caps_its_logs() -> None:
    daemon = json.loads((HOST / "files/etc/docker/daemon.json").read_text())
    assert daemon["ip"] == "127.0.0.1"
    assert daemon["live-restore"] is True
    assert set(daemon["log-opts"]) == {"max-size", "max-file"}
    assert all(isinstance(value, str) for value in daemon["log-opts"].values())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--server", "api"], "--roles is ''"),
        (["--server", "API", "--roles", "api", "--swap-mib", "0"], "--server is 'API'"),
        (["--server", "api", "--roles", "api,db", "--swap-mib", "0"], "--roles is 'api,db'"),
        (["--server", "api", "--roles", "api", "--swap-mib", "1G"], "--swap-mib is '1G'"),
        (
            ["--server", "api", "--roles", "api", "--swap-mib", "0", "--lock-wait", "long"],
            "--lock-wait is 'long'",
        ),
        (["--roles", "--server"], "--roles needs a value"),
        (["--colour"], "unknown option --colour"),
    ],
)
def test_wrong_options_of_the_bootstrap_are_refused(options: list[str], said: str) -> None:
    words = [str(HOST / "bootstrap.sh"), *options]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("name", ["bootstrap.sh", "join.sh", "bin/deploy"])
def test_help_is_there(name: str) -> None:
    done = subprocess.run([str(HOST / name), "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")


@pytest.fixture
def empty_bootstrap(tmp_path: Path) -> Path:
    """The bootstrap without a step, and with its files in a directory of the test."""
    (tmp_path / "bootstrap.d").mkdir()
    step = tmp_path / "bootstrap.d/10-nothing.sh"
    step.write_text("#!/bin/bash\n")
    step.chmod(0o755)
    text = (HOST / "bootstrap.sh").read_text()
    for known, own in (
        ("/var/log/fks", str(tmp_path / "log")),
        ("/run/lock", str(tmp_path)),
        ("EUID != 0", "EUID < 0"),
        ("flock --wait 10", "flock --wait 0.1"),
    ):
        assert known in text
        text = text.replace(known, own)
    script = tmp_path / "bootstrap.sh"
    script.write_text(text)
    script.chmod(0o755)
    return script


def bootstrap(script: Path, seconds: int) -> subprocess.Popen[str]:
    words = ["--server", "api", "--roles", "api", "--swap-mib", "0", "--lock-wait", str(seconds)]
    pipe = subprocess.PIPE
    return subprocess.Popen([str(script), *words], stdout=pipe, stderr=pipe, text=True)


def test_a_bootstrap_waits_for_the_one_a_killed_run_left(empty_bootstrap: Path) -> None:
    with (empty_bootstrap.parent / "fks-bootstrap").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert bootstrap(empty_bootstrap, 0).wait(30) == 1
        waiting = bootstrap(empty_bootstrap, 600)
        assert waiting.stdout
        assert "waiting for another bootstrap" in waiting.stdout.readline()
        fcntl.flock(held, fcntl.LOCK_UN)
        out, _ = waiting.communicate(timeout=30)
    assert waiting.returncode == 0
    assert "nothing to change" in out


def test_a_bootstrap_nobody_waits_for_any_more_ends(empty_bootstrap: Path) -> None:
    with (empty_bootstrap.parent / "fks-bootstrap").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = bootstrap(empty_bootstrap, 600)
        assert waiting.stdout
        assert "waiting for another bootstrap" in waiting.stdout.readline()
        waiting.stdout.close()
        assert waiting.wait(30) != 0
