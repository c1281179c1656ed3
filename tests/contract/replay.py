"""Replays the scenarios of the command provider and lists the differences."""

from __future__ import annotations

import json
import re
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.contract.declare import Declared, Resource
from tests.contract.harness import Engine, Result, Stack
from tests.contract.programs import PREPARATIONS, Place, Step, declared_by, expanded
from tests.contract.sshd import Servers

HANG_SECONDS = 5.0
ID = re.compile(r"[0-9a-f]{8}")
# What the Python program adds when the engine ends first, which it does on a busy machine.
_OF_THE_PROGRAM = ("an unhandled error occurred: ", "Resource monitor has terminated")


@dataclass
class Replay:
    """One scenario; `differences` is empty where all steps equal the recording."""

    family: str
    scenario: str
    steps: Sequence[Step]
    servers: Servers
    place: Place
    stack: Stack
    ids: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    @classmethod
    def create(
        cls, engine: Engine, servers: Servers, family: str, scenario: str, steps: list[Step]
    ) -> Replay:
        """Prepare its own stack and directories."""
        stack = engine.stack(f"{family}-{scenario}", {"HOME": str(Path.home())})
        done = [step for step in steps if "op" in step]
        return cls(family, scenario, done, servers, Place.create(stack.directory / "files"), stack)

    def run(self) -> Replay:
        """Run all steps up to the first difference."""
        expected_state: Any = {}
        programs = declared_by(self.family, self.scenario, self.steps)
        preparations = PREPARATIONS.get(self.scenario, {})
        for number, (step, declared) in enumerate(zip(self.steps, programs, strict=True)):
            before = _snapshot(self.place.dest)
            log = self._log()
            if number in preparations:
                preparations[number](self.place)
            result = self._operate(step, declared)
            if step.get("state") not in (None, "<unchanged>"):
                expected_state = step["state"]
            self._compare_engine(step, result)
            self._compare_effects(step, self._log().removeprefix(log), before)
            if "state" in step:
                self._compare("state", expanded(expected_state), self._state(expected_state))
            if self.differences:
                self.differences.append(f"in step {number} {step['label']!r}:\n{result.output}")
                break
        return self

    def _operate(self, step: Step, declared: Sequence[Declared]) -> Result:
        killed = any("exited prematurely" in d["message"] for d in step.get("diagnostics", [])
                     if "message" in d)  # fmt: skip
        return self.stack.run(
            step["op"],
            [self._placed(item) for item in declared],
            kill_plugins_after=HANG_SECONDS if killed else None,
        )

    def _compare(self, what: str, recorded: Any, ours: Any) -> None:
        if recorded != ours:
            pretty = [json.dumps(value, indent=1, sort_keys=True) for value in (recorded, ours)]
            self.differences.append(f"{what}, recorded:\n{pretty[0]}\nours:\n{pretty[1]}")

    def _compare_engine(self, step: Step, result: Result) -> None:
        self._compare("failed", step.get("failed", False), result.failed)
        recorded, ours = (_engine(steps) for steps in (step["engine"], result.engine))
        self._compare("engine", recorded, ours)
        shown = [
            self._recorded_form(item)
            for item in result.diagnostics
            if not item["message"].startswith(_OF_THE_PROGRAM)
        ]
        self._compare("diagnostics", _diagnostics(step.get("diagnostics", [])), _diagnostics(shown))

    def _compare_effects(self, step: Step, ran: str, before: dict[str, Any]) -> None:
        for key in ("ranOnRemote", "ran"):
            if key in step:
                self._compare(key, step[key], ran.splitlines())
        if "remoteTreeAfter" not in step:
            return
        after = _snapshot(self.place.dest)
        files = [
            name
            for name, item in after.items()
            if item.type == "file" and (name not in before or before[name].written != item.written)
        ]
        self._compare("rewrittenOnRemote", step["rewrittenOnRemote"], files)
        tree = [item.shown(name) for name, item in after.items()]
        self._compare("remoteTreeAfter", step["remoteTreeAfter"], tree)

    def _log(self) -> str:
        path = self.place.remote / "log"
        return path.read_text() if path.exists() else ""

    def _state(self, recorded: dict[str, Any]) -> Any:
        ours = self.stack.state()
        for name, item in ours.items():
            if name in recorded:
                prefix = name if "Command" in item["type"] else ""
                if not ID.fullmatch(item["id"].removeprefix(prefix)):
                    self.differences.append(f"id of {name}: {item['id']}")
                self.ids[item["id"]] = recorded[name]["id"]
        return self._recorded_form(ours)

    def _replacements(self) -> dict[str, str]:
        """Recorded placeholder -> value in this run."""
        keys = {
            f"<PRIVATE KEY {name}>": self.servers.private_key(name) for name in ("k1", "k2", "k3")
        }
        return {
            "/LOCAL": str(self.place.local),
            "/DEST": str(self.place.dest),
            "/REMOTE": str(self.place.remote),
            "<HOST KEY LINE other>": self.servers.host_key("other"),
            "ssh-ed25519 <HOST KEY host> root@vm\n": self.servers.host_key(),
            **keys,
        }

    def _ports(self) -> dict[str, int]:
        return {
            "<SSH_PORT>": self.servers.port,
            "<SSH_PORT_NO_ACCEPTENV>": self.servers.port_no_accept_env,
            "<SSH_PORT_SILENT>": self.servers.port_silent,
        }

    def _placed(self, item: Declared) -> Declared:
        text = json.dumps(item.inputs)
        for placeholder, value in self._replacements().items():
            text = text.replace(json.dumps(placeholder)[1:-1], json.dumps(value)[1:-1])
        for placeholder, port in self._ports().items():
            text = text.replace(json.dumps(placeholder), str(port))
        inputs = _named(json.loads(text), self.servers.user)
        assert isinstance(item, Resource)
        return replace(item, inputs=inputs)

    def _recorded_form(self, value: Any) -> Any:
        text = json.dumps(_named(value, "root", self.servers.user))
        for placeholder, here in self._replacements().items():
            text = text.replace(json.dumps(here)[1:-1], json.dumps(placeholder)[1:-1])
        for placeholder, port in self._ports().items():
            text = text.replace(f'"port": {port}', f'"port": {json.dumps(placeholder)}')
        for ours, recorded in self.ids.items():
            text = text.replace(ours, recorded)
        return json.loads(text)


def _named(value: Any, user: str, former: str = "root") -> Any:
    """The value with another user name in its connections."""
    match value:
        case dict():
            return {
                name: user if name == "user" and item == former else _named(item, user, former)
                for name, item in value.items()
            }
        case list():
            return [_named(item, user, former) for item in value]
    return value


def _engine(steps: list[Step]) -> list[Step]:
    """The engine's steps in a comparable form; the order of several resources varies."""
    shown = [{**step, "diffs": sorted(step.get("diffs", []))} for step in steps]
    if len({step["name"] for step in steps}) > 1:
        shown.sort(key=lambda step: (step["name"], step["op"]))
    return shown


def _diagnostics(items: list[Step]) -> list[str]:
    """The messages in a comparable form: the order of stdout and stderr varies."""
    shown: list[str] = []
    for item in items:
        if "note" in item:
            shown += shown[-1:] * int(re.findall(r"\d+", item["note"])[0])
            continue
        text = re.sub(r"lookup (\S+) on \S+: no", r"lookup \1 on <resolver>: no", item["message"])
        text = re.sub(r"Detected that \S+/pulumi-", "Detected that <PLUGIN_DIR>/pulumi-", text)
        text = expanded(text.partition("\nTraceback")[0].rstrip("\n"))
        shown.append(json.dumps([item["severity"], item["urn"], item.get("ephemeral"), text]))
    counts = Counter(shown)
    return sorted(f"{count} x {text}" for text, count in counts.items())


@dataclass(frozen=True)
class _File:
    mode: int
    type: str
    content: str
    written: int

    def shown(self, name: str) -> dict[str, Any]:
        content = {"content": self.content} if self.type == "file" else {}
        return {"path": name, "mode": oct(self.mode), "type": self.type, **content}


def _snapshot(directory: Path) -> dict[str, _File]:
    found = {}
    for path in sorted(directory.rglob("*")):
        about = path.stat()
        is_file = path.is_file()
        content = path.read_bytes() if is_file else b""
        found[str(path.relative_to(directory))] = _File(
            stat.S_IMODE(about.st_mode),
            "file" if is_file else "dir",
            content.decode(),
            about.st_mtime_ns,
        )
    return found
