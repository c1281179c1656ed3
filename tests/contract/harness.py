"""Runs the engine on programs that are data; results have the form of the recordings."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.plugins.discovery import Plugin
from rehearsal.plugins.install import install
from rehearsal.world.engine import engine
from tests.contract import state
from tests.contract.declare import Declared
from tests.contract.language import serving

ROOT = Path(__file__).resolve().parents[2]
PROJECT, STACK = "contract", "test"
POLL_SECONDS = 0.1
INTERNAL = ("pulumi:pulumi:Stack", "pulumi:providers:")


def _personal(variable: str) -> bool:
    return variable.startswith("PULUMI_") or variable == "SSH_AUTH_SOCK"


def find_engine() -> str:
    """The engine's binary, built if there is none."""
    return os.environ.get("PULUMI_BIN") or str(engine())


@dataclass(frozen=True)
class Result:
    """The outcome of one operation; `engine` and `diagnostics` have the form of the recordings."""

    failed: bool
    engine: list[dict[str, Any]]
    diagnostics: list[dict[str, Any]]
    output: str
    timed_out: bool = False

    @property
    def errors(self) -> list[str]:
        """The texts of the error messages."""
        return [item["message"] for item in self.diagnostics if item["severity"] == "error"]


@dataclass(frozen=True)
class Engine:
    """An engine with plugins in its own PULUMI_HOME; creates stacks. `plugins` are by provider."""

    binary: str
    directory: Path
    env: Mapping[str, str]
    plugins: Mapping[str, Plugin]

    @classmethod
    def create(cls, directory: Path) -> Engine:
        """Install the plugins below `directory` and prepare the template of all stacks."""
        home, bin_directory = directory / "home", directory / "bin"
        plugins = {p.provider: p for p in install(home, bin_directory, sys.executable)}
        env = {name: value for name, value in os.environ.items() if not _personal(name)}
        env |= {
            "PULUMI_HOME": str(home),
            "PULUMI_CONFIG_PASSPHRASE": state.PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_COLOR": "1",
        }
        engine = cls(find_engine(), directory, env, plugins)
        template = directory / "template"
        (template / "state").mkdir(parents=True)
        (template / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        engine.call(template, ["stack", "init", STACK], {}, timeout=60).check_returncode()
        return engine

    def stack(self, name: str, env: Mapping[str, str] | None = None) -> Stack:
        """A new empty stack in its own directory; `env` is for the engine and its plugins."""
        directory = self.directory / "stacks" / name
        shutil.copytree(self.directory / "template", directory)
        return Stack(self, directory, dict(env or {}))

    def call(
        self,
        directory: Path,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        timeout: float,
        kill_plugins_after: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the CLI in a stack's directory; kill it, or first its plugins, after a time limit."""
        process = subprocess.Popen(
            [self.binary, *arguments, "--non-interactive"],
            cwd=directory,
            env={**self.env, "PULUMI_BACKEND_URL": f"file://{directory}/state", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            if kill_plugins_after:
                _kill_plugins(process, directory / "events", kill_plugins_after)
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, output)


def _kill_plugins(process: subprocess.Popen[str], events: Path, after: float) -> None:
    """Kill the plugins `after` seconds if the first step has not ended by then."""
    while process.poll() is None and not any(map(_step, _events(events))):
        time.sleep(POLL_SECONDS)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=after)
    if process.poll() is None:
        for pid in _plugins(process.pid):
            os.kill(pid, signal.SIGKILL)


def _plugins(engine: int) -> list[int]:
    children = Path(f"/proc/{engine}/task").glob("*/children")
    found = [int(pid) for file in children for pid in file.read_text().split()]
    return [
        pid for pid in found if b"pulumi-resource-" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


@dataclass(frozen=True)
class Stack:
    """One stack: runs operations and reads the state."""

    engine: Engine
    directory: Path
    env: dict[str, str]

    def run(
        self,
        op: str,
        declared: Sequence[Declared] = (),
        *,
        timeout: float = 60,
        kill_plugins_after: float | None = None,
    ) -> Result:
        """Run `up`, `preview`, `refresh` or `destroy` of the program that declares these."""
        events = self.directory / "events"
        events.write_text("")
        arguments = [op, "--stack", STACK, "--event-log", str(events)]
        arguments += [] if op == "preview" else ["--yes", "--skip-preview"]
        try:
            with serving(declared) as address:
                arguments += [f"--client={address}", "--exec-kind", "auto.inline"]
                done = self.engine.call(
                    self.directory,
                    arguments,
                    self.env,
                    timeout=timeout,
                    kill_plugins_after=kill_plugins_after,
                )
        except subprocess.TimeoutExpired as expired:
            shutil.rmtree(self.directory / "state" / ".pulumi" / "locks", ignore_errors=True)
            return _result(events, str(expired.output), failed=True, timed_out=True)
        return _result(events, done.stdout, failed=done.returncode != 0)

    def state(self, *, internal: bool = False) -> dict[str, dict[str, Any]]:
        """The stored resources by name: type, id, inputs, outputs and other set fields."""
        kept = ("type", "id", "inputs", "outputs", "additionalSecretOutputs", "initErrors")
        return {
            item["urn"].rsplit("::", 1)[-1]: {key: item[key] for key in kept if key in item}
            for item in state.resources(self.checkpoint())
            if internal or not item["type"].startswith(INTERNAL)
        }

    def checkpoint(self) -> dict[str, Any]:
        """The content of the state file."""
        path = self.directory / "state" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json"
        loaded: dict[str, Any] = json.loads(path.read_text())
        return loaded


def _result(events: Path, output: str, *, failed: bool, timed_out: bool = False) -> Result:
    lines = _events(events)
    return Result(
        failed=failed,
        engine=[step for line in lines if (step := _step(line))],
        diagnostics=[item for line in lines if (item := _diagnostic(line.get("diagnosticEvent")))],
        output=output,
        timed_out=timed_out,
    )


def _events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines() if line.endswith("}")]


def _step(line: dict[str, Any]) -> dict[str, Any] | None:
    event = line.get("resourcePreEvent")
    if event is None or event["metadata"]["type"].startswith(INTERNAL):
        return None
    about = event["metadata"]
    step = {"op": about["op"], "type": about["type"], "name": about["urn"].rsplit("::", 1)[-1]}
    for name, key in {"replaces": "keys", "diffs": "diffs"}.items():
        if about.get(key):
            step[name] = about[key]
    if detailed := about.get("detailedDiff"):
        step["detailedDiff"] = {
            path: {"kind": diff["diffKind"], "inputDiff": diff["inputDiff"]}
            for path, diff in detailed.items()
        }
    return step


def _diagnostic(event: dict[str, Any] | None) -> dict[str, Any] | None:
    if event is None or event["severity"] == "debug":
        return None
    urn = event.get("urn", "").rsplit("::", 1)[-1]
    item = {"severity": event["severity"].removesuffix("#err"), "urn": urn}
    if event.get("ephemeral"):
        item["ephemeral"] = True
    return {**item, "message": event["message"]}
