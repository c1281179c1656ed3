"""Every command of `fks` that asks servers, with three of them and what a person can get wrong."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess

import pytest

from rehearsal.world.operator import RUN
from rehearsal.world.scenario import Scenario
from tests.fks_infra.cli.verbs import VERBS

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVERS = {"auth", "api", "web"}
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
# They also report what is wrong with the rehearsal's machine, such as its disk.
PROBLEM = {"doctor", "status"}
ONE_SERVER = {"ssh", "exec", "psql", "redis", "celery", "rollback", "reboot", "rotate"}
# Calls that change something
CHANGES = {name for name, verb in VERBS.items() if verb.lasting} | {"rollback", "reboot"}
WIDTH = 60
# More than sshd accepts before it closes the connection
KEYS = 12
AGENT = (
    f"for n in $(seq {KEYS}); do ssh-keygen -q -t ed25519 -N '' -f /tmp/agent-$n; "
    "ssh-add -q /tmp/agent-$n; rm /tmp/agent-$n*; done; exec fks "
)
Done = CompletedProcess[str]


def execute(*command: str, **environ: str) -> Done:
    """Run a command of the operator without a terminal."""
    docker, exec_, *rest = RUN
    options = [option for name, value in environ.items() for option in ("--env", f"{name}={value}")]
    whole = [docker, exec_, *options, *rest, *command]
    stdin = subprocess.DEVNULL
    return subprocess.run(whole, stdin=stdin, capture_output=True, text=True, check=False)


def fks(words: str, **environ: str) -> Done:
    return execute("fks", *shlex.split(words), **environ)


def text_of(done: Done) -> str:
    """All that it wrote, with any number of spaces as one: tables fold."""
    return " ".join((done.stdout + done.stderr).split())


def assert_each(
    names: Iterable[str], call: Callable[[str], Done], wrong: Callable[[str, Done], str]
) -> None:
    """Call each command; the text that `wrong` returns is empty, and there is no traceback."""
    found = {}
    for name in names:
        done = call(name)
        if reason := "a traceback" if "Traceback" in text_of(done) else wrong(name, done):
            found[name] = f"{reason}: {done}"
    assert found == {}


def call(name: str) -> Done:
    return fks(VERBS[name].words)


@contextmanager
def changed(scenario: Scenario, server: str, before: str, after: str) -> Iterator[None]:
    """Run a script on a server, and another at the end; then undo what the commands have done."""
    scenario.on_server(server, "sh", "-ec", before)
    try:
        yield
    finally:
        scenario.on_server(server, "sh", "-ec", after)
        scenario.operator.output(["fks", "unlock"])
        scenario.operator.output(["fks", "maintenance", "off"])


@pytest.mark.parametrize("server", ["web", "api"])
def test_one_server_of_three_does_not_answer(servers: Scenario, server: str) -> None:
    names = [name for name, verb in VERBS.items() if verb.asks == server]

    def wrong(name: str, done: Done) -> str:
        text = text_of(done)
        expected = {VERBS[name].away, *([1] if name in PROBLEM else [])}
        if done.returncode not in expected:
            return f"exit code {done.returncode}"
        if "tailscale status; fks doctor --stack prod" not in text and name not in PROBLEM:
            return "no next command"
        missing = SERVERS - set(re.findall(r"\w+", text))
        return "" if name in ONE_SERVER or not missing else f"nothing of {missing}"

    with changed(servers, server, "systemctl stop ssh.service", "systemctl start ssh.service"):
        assert_each(names, call, wrong)


def test_another_machine_answers(servers: Scenario) -> None:
    names = [name for name, verb in VERBS.items() if verb.asks == "web" and name != "doctor"]
    restart = "systemctl restart ssh.service"
    new = f"mv {HOST_KEY} /root/host-key; ssh-keygen -q -t ed25519 -N '' -f {HOST_KEY}; {restart}"
    old = f"mv /root/host-key {HOST_KEY}; ssh-keygen -yf {HOST_KEY} >{HOST_KEY}.pub; {restart}"

    def wrong(name: str, done: Done) -> str:
        if done.returncode != VERBS[name].away:
            return f"exit code {done.returncode}"
        text = text_of(done)
        told = "another machine answers at 100." in text and "Lish console" in text
        return "" if told else "not told"

    with changed(servers, "web", new, old):
        assert_each(names, call, wrong)


def test_an_agent_with_many_keys_is_not_asked(servers: Scenario) -> None:
    names = [name for name in VERBS if name not in CHANGES]

    def with_agent(name: str) -> Done:
        return execute("ssh-agent", "sh", "-c", f"{AGENT} {VERBS[name].words}")

    def wrong(name: str, done: Done) -> str:
        expected = {0, 1} if name in PROBLEM else {0}
        return "" if done.returncode in expected else f"exit code {done.returncode}"

    assert_each(names, with_agent, wrong)
    assert servers.unhealthy() is None


@pytest.mark.usefixtures("servers")
def test_a_release_that_is_not_kept() -> None:
    done = fks("rollback web --to 99 --yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not keep" in done.stderr and "Nothing was changed" in done.stderr


TABLES = ("doctor", "status", "history", "releases", "celery", "drift", "start", "stop")


@pytest.mark.parametrize(
    "environ",
    [
        {"NO_COLOR": "1"},
        {"LC_ALL": "C"},
        {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii", "TERM": "dumb"},
    ],
    ids=lambda environ: "-".join(environ.values()),
)
@pytest.mark.usefixtures("servers")
def test_sixty_columns_without_terminal_and_colour(environ: dict[str, str]) -> None:
    def narrow(name: str) -> Done:
        return fks(VERBS[name].words, COLUMNS=str(WIDTH), **environ)

    def wrong(name: str, done: Done) -> str:
        if done.returncode not in ({0, 1} if name in PROBLEM else {0}):
            return f"exit code {done.returncode}"
        if "\x1b" in done.stdout + done.stderr:
            return "a control sequence"
        if "…" in done.stdout or "..." in done.stdout:
            return "something is cut off"
        # Remedies, to be copied, are one line each.
        long = [line for line in done.stdout.splitlines() if len(line) > WIDTH]
        wide = [line for line in long if not line.startswith("  ")]
        return f"wider than the terminal: {wide}" if wide else ""

    assert_each(TABLES, narrow, wrong)
