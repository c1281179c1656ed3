"""Every command of `fks` that asks servers, with three of them and what a person can get wrong."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from rehearsal.world.operator import RUN
from rehearsal.world.scenario import Scenario
from tests.fks_infra.cli.verbs import VERBS, WITHOUT_LOGIN, Verb

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

_DOCKER, _EXEC, *_REST = RUN
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
# Their problems of machines, such as its disk, are those of the rehearsal.
PROBLEM = {"doctor", "status"}
WIDTH = 60
# More than sshd accepts before it closes the connection
KEYS = 12
AGENT = (
    f"for n in $(seq {KEYS}); do ssh-keygen -q -t ed25519 -N '' -f /tmp/agent-$n; "
    "ssh-add -q /tmp/agent-$n; rm /tmp/agent-$n*; done; exec"
)


def fks(words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the operator without a terminal."""
    options = [option for name, value in environ.items() for option in ("--env", f"{name}={value}")]
    command = [_DOCKER, _EXEC, *options, *_REST, "fks", *shlex.split(words)]
    return run(command)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def shown(done: subprocess.CompletedProcess[str]) -> str:
    """What it wrote; it has ended without a traceback."""
    text = done.stdout + done.stderr
    assert "Traceback" not in text, text
    return text


def away_of(asks: str) -> Mapping[str, Verb]:
    return {name: verb for name, verb in VERBS.items() if verb.asks == asks}


def undo(scenario: Scenario) -> None:
    """Undo what the calls have changed on the servers."""
    scenario.operator.output(["fks", "unlock"])
    scenario.operator.output(["fks", "maintenance", "off"])


def names(done: subprocess.CompletedProcess[str]) -> set[str]:
    """The servers that the text for people names."""
    return {name for name in ("auth", "api", "web") if name in shown(done)}


@pytest.fixture(scope="module")
def without_web(servers: Scenario) -> Iterator[None]:
    """The server web does not answer SSH."""
    servers.on_server("web", "systemctl", "stop", "ssh.service")
    yield
    servers.on_server("web", "systemctl", "start", "ssh.service")
    undo(servers)


@pytest.mark.parametrize("name", away_of("web"))
@pytest.mark.usefixtures("without_web")
def test_one_server_of_three_does_not_answer(name: str) -> None:
    verb = VERBS[name]
    done = fks(verb.words)
    assert done.returncode == verb.away, done
    assert "web: " in shown(done)
    assert "tailscale status; fks doctor --stack prod" in shown(done) or name in ("logs", "doctor")
    if not verb.words.startswith(("ssh", "exec", "rollback")):
        assert names(done) == {"auth", "api", "web"}, done


@pytest.fixture(scope="module")
def without_api(servers: Scenario) -> Iterator[None]:
    """The server api does not answer SSH."""
    servers.on_server("api", "systemctl", "stop", "ssh.service")
    yield
    servers.on_server("api", "systemctl", "start", "ssh.service")


@pytest.mark.parametrize("name", away_of("api"))
@pytest.mark.usefixtures("without_api")
def test_the_server_that_is_asked_does_not_answer(name: str) -> None:
    done = fks(VERBS[name].words)
    assert (done.returncode, done.stdout) == (VERBS[name].away, ""), done
    assert shown(done).startswith("api: SSH to ")
    assert "Next: tailscale status; fks doctor --stack prod" in done.stderr


@pytest.fixture(scope="module")
def other_host_key(servers: Scenario) -> Iterator[None]:
    """The server web has another host key, as a new installation has."""
    new = f"mv {HOST_KEY} /root/host-key; ssh-keygen -q -t ed25519 -N '' -f {HOST_KEY}"
    servers.on_server("web", "sh", "-ec", f"{new}; systemctl restart ssh.service")
    yield
    old = f"mv /root/host-key {HOST_KEY}; ssh-keygen -yf {HOST_KEY} >{HOST_KEY}.pub"
    servers.on_server("web", "sh", "-ec", f"{old}; systemctl restart ssh.service")
    undo(servers)


@pytest.mark.parametrize("name", [name for name in away_of("web") if name != "doctor"])
@pytest.mark.usefixtures("other_host_key")
def test_another_machine_answers(name: str) -> None:
    verb = VERBS[name]
    done = fks(verb.words)
    assert done.returncode == verb.away, done
    assert "another machine answers at 100." in " ".join(shown(done).split())
    assert "Lish console" in shown(done) or name == "logs"


@pytest.mark.parametrize("name", [name for name, verb in VERBS.items() if not verb.lasting])
@pytest.mark.usefixtures("servers")
def test_an_agent_with_many_keys_is_not_asked(name: str) -> None:
    words = VERBS[name].words
    if name == "rollback":
        words = "rollback web --to 99 --yes"
    command = f"{AGENT} fks {words}"
    done = run([*RUN, "ssh-agent", "sh", "-c", command])
    assert "Too many authentication failures" not in shown(done)
    expected = 2 if name == "rollback" else 0
    assert done.returncode in ({0, 1} if name in PROBLEM else {expected}), done


@pytest.mark.usefixtures("servers")
def test_a_release_that_is_not_kept() -> None:
    done = fks("rollback web --to 99 --yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not keep" in shown(done)
    assert "Traceback" not in done.stderr and "fks releases web" in done.stderr


TABLES = ("doctor", "status", "history", "releases", "celery", "drift", "start", "stop")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "environ",
    [
        {"NO_COLOR": "1"},
        {"LC_ALL": "C"},
        {"LC_ALL": "de_DE.ISO-8859-1"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb"},
    ],
    ids=lambda environ: "-".join(environ.values()),
)
@pytest.mark.usefixtures("servers")
def test_sixty_columns_without_terminal_and_colour(name: str, environ: dict[str, str]) -> None:
    done = fks(VERBS[name].words, COLUMNS=str(WIDTH), **environ)
    assert done.returncode in ({0, 1} if name in PROBLEM else {0}), done
    assert "\x1b" not in shown(done)
    assert "…" not in shown(done) and "..." not in done.stdout
    long = [line for line in done.stdout.splitlines() if len(line) > WIDTH]
    # Commands and remedies to be copied are one line each.
    assert [line for line in long if not line.startswith("  ")] == [], long
    assert names(done) == {"auth", "api", "web"} or name == "celery"


@pytest.mark.parametrize("verb", WITHOUT_LOGIN.values(), ids=list(WITHOUT_LOGIN))
@pytest.mark.usefixtures("servers")
def test_a_wrong_stack_where_nobody_logs_in(verb: Verb) -> None:
    done = fks(f"{verb.words} --stack nosuch")
    assert (done.returncode, done.stdout) == (verb.bad, "")
    assert shown(done).rstrip().endswith("Next: pulumi stack ls")
