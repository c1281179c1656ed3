"""A server that no stack knows, over the operator's own ssh; nothing is installed there."""

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from fks_infra.errors import OperatorError

_ADDRESS = re.compile(
    r"ssh://(?:(?P<user>[A-Za-z_][\w.-]*)@)?"
    r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?/?"
)
# The operator's settings and keys; a key of the server that is not known is never accepted, and
# nothing prompts in the middle of a move.
_OPTIONS = (
    "BatchMode=yes",
    "ConnectTimeout=10",
    "ControlMaster=auto",
    "ControlPersist=60",
    "LogLevel=ERROR",
    "ServerAliveInterval=10",
    "StrictHostKeyChecking=yes",
)
# Seconds
SHORT, LONG = 120.0, 4 * 3600.0
# ssh's own errors
_SSH = 255


@dataclass(frozen=True, kw_only=True)
class LegacyHost:
    """`target` is USER@HOST, `sockets` a directory for the one connection, `docker` what runs
    Docker's client there."""

    target: str
    port: str
    sockets: Path
    docker: tuple[str, ...] = ("docker",)

    @property
    def name(self) -> str:
        return self.target.rpartition("@")[2]

    @property
    def command(self) -> str:
        """The operator's command for a shell there."""
        return shlex.join(["ssh", *(("-p", self.port) if self.port else ()), self.target])

    def line(self, words: Sequence[str]) -> list[str]:
        """ssh's arguments for a command there."""
        options = [f"-o{option}" for option in (*_OPTIONS, f"ControlPath={self.sockets}/%C")]
        port = ("-p", self.port) if self.port else ()
        return ["ssh", "-T", *options, *port, self.target, shlex.join(words)]

    def docker_line(self, *words: str) -> list[str]:
        """ssh's arguments for Docker's client there."""
        return self.line([*self.docker, *words])

    def run(self, *words: str, stdin: str = "", seconds: float = SHORT) -> str:
        """What a command of Docker's client prints. OperatorError with its last line."""
        return self.shell([*self.docker, *words], stdin, seconds)

    def shell(self, words: Sequence[str], stdin: str = "", seconds: float = SHORT) -> str:
        """What a command there prints; OperatorError with its last line."""
        with TemporaryFile("w+", errors="replace") as errors:
            try:
                done = subprocess.run(
                    self.line(words),
                    input=stdin,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    errors="replace",
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise OperatorError(f"{self.name}: no answer within {seconds:g} s") from None
            if done.returncode:
                errors.seek(0)
                raise self.error(done.returncode, errors.read())
        return done.stdout

    def error(self, code: int, printed: str) -> OperatorError:
        """Of a command that ended with a code, from what it printed."""
        if code == _SSH and (known := self._of_ssh(printed)):
            return OperatorError(f"{self.name}: {known}")
        lines = printed.strip().splitlines() or [f"exit code {code}"]
        return OperatorError(f"{self.name}: {lines[-1]}")

    def _of_ssh(self, printed: str) -> str:
        if "IDENTIFICATION HAS CHANGED" in printed:
            return (
                "its host key is not the one that your known_hosts has: it is another server, or "
                "it was installed anew. Compare the fingerprint at its console before you remove "
                "the old key. Nothing was changed"
            )
        if "Host key verification failed" in printed:
            return (
                f"its host key is not known on this machine. Nothing was changed.\nNext: "
                f"{self.command} true   # shows the fingerprint: compare it with that at its "
                f"console, then accept it"
            )
        if "Permission denied" in printed:
            copy = "ssh-copy-id" + self.command.removeprefix("ssh")
            return (
                f"it refused your keys ({printed.strip().splitlines()[-1]}). Nothing was changed.\n"
                f"Next: ssh-add, or {copy}; then {self.command} true must work without a prompt"
            )
        return ""


@contextmanager
def opened(address: str) -> Iterator[LegacyHost]:
    """The server of `ssh://[USER@]HOST[:PORT]`, with a working Docker client; OperatorError."""
    user, host, port = parse(address)
    with TemporaryDirectory(prefix="fks-") as sockets:
        target = f"{user}@{host}" if user else host
        found = LegacyHost(target=target, port=port, sockets=Path(sockets))
        try:
            yield _with_docker(found)
        finally:
            leave = ["ssh", "-O", "exit", f"-oControlPath={sockets}/%C", target]
            if port:
                leave[1:1] = ["-p", port]
            subprocess.run(leave, capture_output=True, check=False, timeout=SHORT)


def parse(address: str) -> tuple[str, str, str]:
    """User, host and port, "" for what ssh's own settings decide; OperatorError."""
    found = _ADDRESS.fullmatch(address)
    if not found or int(found["port"] or 22) > 0xFFFF:
        raise OperatorError(
            f"{address!r} is no address of a server. Nothing was changed.\nNext: write it as "
            f"ssh://root@203.0.113.7 or ssh://fks_user@old.example.org:2222"
        )
    return found["user"] or "", found["host"].strip("[]"), found["port"] or ""


def _with_docker(host: LegacyHost) -> LegacyHost:
    """Without or with sudo."""
    ask = ("version", "--format", "{{.Server.Version}}")
    host.shell(["true"])
    try:
        host.run(*ask)
        return host
    except OperatorError as error:
        other = replace(host, docker=("sudo", "-n", "docker"))
        try:
            other.run(*ask)
        except OperatorError as second:
            raise OperatorError(
                f"{error}\nand with sudo: {second}\nDocker does not answer there, so its data "
                f"cannot be read. Nothing was changed.\nNext: use a user that may run docker, as "
                f"root or one of the group docker"
            ) from None
        return other
