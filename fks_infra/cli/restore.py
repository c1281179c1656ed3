"""`fks restore`: a backup is restored beside the present data, and exchanged with them."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fks_infra.cli.prompt import require_terminal, typed
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers, connected, write_json
from fks_infra.errors import OperatorError
from fks_infra.operate import person, restores
from fks_infra.operate.reports import Document
from fks_infra.operate.restores import EXCHANGE, PREPARE, Host
from fks_infra.operate.unreachable import Unreachable

# What is prompted for, by the action.
_WHAT = {
    "restore": "put the backup into service (requests get 503 meanwhile)",
    "undo": "exchange the data again (requests get 503 meanwhile)",
    "finish": "drop the data that are not in service",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The options of the command; `action` is restore, status, undo or finish."""

    data_set: str
    action: str
    dump: str
    snapshot: str
    time: str
    queue: bool
    into: str
    yes: bool
    as_json: bool


def run(stack: str, choice: Choice) -> int:
    """Returns 0, 1 if the backup is not in service, 2 if nothing was changed."""
    if choice.as_json and not choice.yes and choice.action != "status":
        raise OperatorError("--json prints no question: add --yes, or --status to change nothing")
    with connected(stack, [choice.into] if choice.into else []) as found:
        server = restores.of_role(found.servers, choice.data_set, choice.into)
        return _Restore(found.only(server.name), choice).run()


class _Restore:
    """One run of the command on one server."""

    def __init__(self, servers: Servers, choice: Choice) -> None:
        self.servers, self.choice = servers, choice
        (server,) = servers.servers
        key: Path | None = servers.key
        who = person.name(os.environ)
        self.host = Host(server=server, key=key, data_set=choice.data_set, who=who)

    @property
    def name(self) -> str:
        return self.host.server.name

    @property
    def again(self) -> str:
        """The command, to type it with another option."""
        return f"fks restore {self.choice.data_set}"

    def run(self) -> int:
        if self.choice.action != "status" and not self.choice.yes:
            require_terminal(self.name, _WHAT[self.choice.action], "--yes")
        found = self.state()
        act = {"restore": self.restore, "undo": self.undo, "finish": self.finish}
        try:
            code = act[self.choice.action](found) if self.choice.action in act else DONE
        except KeyboardInterrupt:
            text = f"interrupted: {self.name} goes on with what was begun"
            sys.stderr.write(f"{text}\nNext: {self.again} --status\n")
            return INCOMPLETE
        if self.choice.as_json:
            write_json({"server": self.name, **self.state()})
        elif self.choice.action == "status":
            self.show(restores.description(self.name, found))
        return code

    def restore(self, found: Document) -> int:
        """Prepare, prompt and exchange; an exchange that was interrupted goes on."""
        if found["restore"] and found["restore"]["state"] in restores.INTERRUPTED:
            self.show([f"{self.name}: the restore that was interrupted goes on"])
            return self.exchange()
        choice = self.choice
        chosen = {"--dump": choice.dump, "--snapshot": choice.snapshot, "--to": choice.time}
        words = [word for option in chosen.items() if option[1] for word in option]
        words += ["--queue"] if choice.queue else []
        if code := self.call("prepare", *words, seconds=PREPARE):
            return code
        prepared = self.state()
        self.show(restores.description(self.name, prepared))
        self.show(restores.lost(prepared))
        if not self.confirmed():
            self.show([f"Next: {self.again} goes on here, {self.again} --finish drops it"])
            return CANNOT_TELL
        return self.exchange()

    def exchange(self) -> int:
        """Also says what is kept, and how to go back."""
        if code := self.call("exchange", seconds=EXCHANGE):
            return code
        return self.exchanged()

    def exchanged(self) -> int:
        """What serves now."""
        found = self.state()["restore"]
        data = "the backup" if found["state"] == "exchanged" else "the data of before the restore"
        self.show(
            [
                f"{self.name}: {data} is in service, requests were refused for "
                f"{found['seconds']:.0f} s; the other data are kept",
                f"Next: {self.again} --finish drops it, {self.again} --undo exchanges them again",
            ]
        )
        return DONE

    def undo(self, found: Document) -> int:
        """Put the other database into service."""
        self.show(restores.description(self.name, found))
        if not self.confirmed():
            return CANNOT_TELL
        return self.call("undo", seconds=EXCHANGE) or self.exchanged()

    def finish(self, found: Document) -> int:
        """Drop the other data."""
        self.show(restores.description(self.name, found))
        if not self.confirmed():
            return CANNOT_TELL
        return self.call("finish", seconds=EXCHANGE)

    def call(self, command: str, *words: str, seconds: float) -> int:
        """Run the program; returns 0, or the exit code after an error was printed."""
        ended = self.host.run(command, *words, report=self.line, seconds=seconds)
        if ended.code == 0:
            return DONE
        sys.stderr.write(f"{self.name}: {ended.error}\nNext: {self.again} --status\n")
        return INCOMPLETE if ended.code == 1 else CANNOT_TELL

    def state(self) -> Document:
        """OperatorError if the server does not answer."""
        words = (self.choice.data_set, "state")
        one = self.servers.run(restores.KEYS, restores.PROGRAM, *words)[self.name]
        if isinstance(one, Unreachable):
            raise OperatorError(f"{self.name} was not reached: {one.reason}\nNext: {one.command}")
        return one

    def confirmed(self) -> bool:
        if self.choice.yes or typed(self.name, _WHAT[self.choice.action], "--yes"):
            return True
        sys.stderr.write("Another name was typed: nothing was exchanged or dropped.\n")
        return False

    def line(self, text: str) -> None:
        self.show([f"{self.name}: {text}"])

    def show(self, lines: Iterable[str]) -> None:
        """Beside the document of --json, on standard error."""
        stream = sys.stderr if self.choice.as_json else sys.stdout
        stream.write("".join(f"{line}\n" for line in lines))
        stream.flush()
