"""Plays recorded scenarios of a cloud's plugin and lists what our plugin did otherwise."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
import yaml

from tests.contract.declare import PROVIDER, Declared, Resource
from tests.contract.harness import PROJECT, STACK, Engine, Result, Stack
from tests.contract.recorded_api import Call, RecordedApi, recorded, without_repeated_looks
from tests.shared import SHARED, recordings

WORKERS = 3
UNCHANGED = "<unchanged>"
# Written by the bridge for itself.
NOT_OURS = frozenset({"__meta", "__pulumi_raw_state_delta"})
# The engine's own words, and the file and line a message comes from in the real plugin's log.
NOT_COMPARED = ("update failed", "  sdk-v2/")

# A program that fails leaves unfinished coroutines of the SDK behind.
SDK_LEFTOVERS = "ignore::pytest.PytestUnraisableExceptionWarning"

Step = dict[str, Any]
Config = Callable[[str], Mapping[str, Any]]
Programs = Mapping[tuple[str, str], Sequence[Declared]]


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """What scenarios of one provider need beyond the recordings.

    `others` are scenarios of resources that the program does not declare. By scenario and step:
    `programs` holds those that cannot be read off the stored state, `environments` (also for all
    steps: "") and, by scenario, `configs` (None: not set at all) what differs from the usual;
    `fresh` the steps that start with an empty stack. `elided` gives the calls of a creation that
    was left out, `sent` the credentials each call of a step must carry, `amended` mends a
    recording, `exports` turns stack outputs into the shape of the recorded ones.
    """

    name: str
    others: Sequence[str]
    programs: Programs
    config: Config
    configs: Mapping[str, Config | None] = field(default_factory=dict)
    environments: Mapping[tuple[str, str], Callable[[str], Mapping[str, str]]] = field(
        default_factory=dict
    )
    elided: Callable[[list[Step], list[Call]], list[Call]]
    sent: Callable[[str, str], Mapping[str, str]]
    fresh: Sequence[tuple[str, str]] = ()
    amended: Callable[[str, str, list[Call]], list[Call]] = lambda _name, _label, calls: calls
    exports: Callable[[dict[str, Any]], dict[str, Any]] = lambda outputs: outputs

    @cached_property
    def recording(self) -> dict[str, Any]:
        """The whole recording, empty where there is none: tests are collected without it too."""
        path = SHARED / "recordings" / f"{self.name}.json"
        loaded: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return loaded

    def steps(self, scenario: str) -> list[Step]:
        """The steps of a scenario."""
        found: list[Step] = self.recording["scenarios"][scenario]
        return found

    def chosen(self) -> list[str]:
        """The scenarios of resources that the program declares."""
        return [name for name in self.recording.get("scenarios", {}) if name not in self.others]

    def environment(self, name: str, label: str, address: str) -> Mapping[str, str]:
        """The environment of a step."""
        usual = self.environments.get((name, ""), lambda _: {})
        return self.environments.get((name, label), usual)(address)


def resource_names(step: Step) -> list[str]:
    """The resources a step is about, once each."""
    return list(dict.fromkeys(event["name"] for event in step["engine"]))


def declared(state: Mapping[str, Any]) -> list[Declared]:
    """The program that leads to a stored state."""
    return [
        Resource(name, item["type"], _given(item["inputs"]), _options(item))
        for name, item in state.items()
    ]


def _options(item: Mapping[str, Any]) -> dict[str, Any]:
    secret = item.get("additionalSecretOutputs")
    return {"additional_secret_outputs": secret} if secret else {}


def _given(value: Any) -> Any:
    """Inputs without what the plugin filled in."""
    match value:
        case dict():
            filled = {*value.get("__defaults", ()), "__defaults"}
            return {name: _given(item) for name, item in value.items() if name not in filled}
        case list():
            return [_given(item) for item in value]
    return value


def programs(cloud: Cloud, name: str, steps: Sequence[Step]) -> list[Sequence[Declared]]:
    """The program of each step: given, read off its state, kept, or (a preview) the next one's."""
    found: list[Sequence[Declared] | None] = []
    for step in steps:
        state = step.get("state")
        if (name, step["label"]) in cloud.programs:
            found.append(cloud.programs[name, step["label"]])
        elif step["op"] in ("refresh", "destroy") or state == UNCHANGED:
            found.append(found[-1] if found else [])
        elif isinstance(state, dict) and state:
            found.append(declared(state))
        else:
            found.append(None)
    following: Sequence[Declared] = []
    for index in reversed(range(len(found))):
        following = found[index] = following if found[index] is None else found[index] or []
    return [program or [] for program in found]


@contextmanager
def replaying(
    cloud: Cloud, engine: Engine, request: pytest.FixtureRequest
) -> Iterator[dict[str, Future[list[str]]]]:
    """The chosen scenarios, several at a time, and the differences each will have."""
    recordings()
    here = [item for item in request.session.items if item.path == request.path]
    names = [item.callspec.params.get("scenario") for item in here if hasattr(item, "callspec")]
    with ThreadPoolExecutor(WORKERS) as pool:
        yield {
            name: pool.submit(_play_alone, cloud, engine, name)
            for name in dict.fromkeys(names)
            if name in cloud.chosen()
        }


def _play_alone(cloud: Cloud, engine: Engine, name: str) -> list[str]:
    with RecordedApi().running() as api:
        return play(cloud, engine, name, api)


def play(cloud: Cloud, engine: Engine, name: str, api: RecordedApi) -> list[str]:
    """Run all steps of a scenario; returns the differences to what was recorded."""
    steps = cloud.steps(name)
    stack = _stack(cloud, engine, name, api)
    before: dict[str, Any] = {}
    problems: list[str] = []
    for index, (step, program) in enumerate(zip(steps, programs(cloud, name, steps), strict=True)):
        if (name, step["label"]) in cloud.fresh:
            stack = _stack(cloud, engine, name, api)
        calls = recorded(step["http"])
        if step.get("elided"):
            calls = cloud.elided(steps[index:], calls)
        calls = cloud.amended(name, step["label"], calls)
        api.play(calls)
        stack.env.update(cloud.environment(name, step["label"], api.address))
        result = stack.run(step["op"], program)
        found = [
            *_operations(step, result),
            *_calls(step, calls, api.heard),
            *_diagnostics(step, result, api.address),
            *_state(step, stack, before, api.address),
            *_exports(cloud, step, stack),
            *_credentials(cloud.sent(name, step["label"]), api.heard),
        ]
        problems += [f"{step['label']}: {problem}" for problem in found]
        if found:
            problems.append(f"{step['label']}: the engine said\n{result.output[-1500:]}")
            break
        before = stack.state()
    # A program the engine gave up on leaves unfinished coroutines of the SDK: end them here.
    gc.collect()
    return problems


def _stack(cloud: Cloud, engine: Engine, name: str, api: RecordedApi) -> Stack:
    """An empty stack, configured as the scenario wants it."""
    used = len(list(engine.directory.glob(f"stacks/{cloud.name}-{name}*")))
    stack = engine.stack(f"{cloud.name}-{name}-{used}")
    if config := cloud.configs.get(name, cloud.config):
        configure(stack, config(api.address))
    return stack


def provider_in_state(
    cloud: Cloud, engine: Engine, title: str, scenario: str, config: Config
) -> list[str]:
    """What the state shows of the provider itself after the first step of a scenario."""
    wanted = cloud.recording["providerInState"][title]
    steps = cloud.steps(scenario)
    first = next(index for index, step in enumerate(steps) if step["op"] == "up")
    with RecordedApi().running() as api:
        stack = engine.stack(f"{cloud.name}-{title.replace(' ', '-').replace(',', '')}")
        configure(stack, config(api.address))
        api.play(recorded(steps[first]["http"]))
        result = stack.run("up", programs(cloud, scenario, steps)[first])
        found = stack.state(internal=True)
    stored = next(item for item in found.values() if item["type"].startswith(PROVIDER))
    got = {name: {**stored[name]} for name in ("inputs", "outputs")}
    expected = {name: wanted[f"provider{name.title()}InState"] for name in got}
    text = json.dumps(expected).replace("<FAKE>", api.address)
    return [*result.errors, *differences("provider", json.loads(text), got)]


def configure(stack: Stack, config: Mapping[str, Any]) -> None:
    """Set stack configuration; `{"__secret__": v}` is encrypted, all else stays plain text."""
    for key, value in config.items():
        if isinstance(value, dict):
            arguments = ["config", "set", "--secret", "--stack", STACK, key, value["__secret__"]]
            stack.engine.call(stack.directory, arguments, {}, timeout=60).check_returncode()
    plain = {key: value for key, value in config.items() if not isinstance(value, dict)}
    path = stack.directory / f"Pulumi.{STACK}.yaml"
    settings = yaml.safe_load(path.read_text()) if path.exists() else {}
    # JSON is YAML too, and leaves no doubt about what is text.
    path.write_text(json.dumps({**settings, "config": {**settings.get("config", {}), **plain}}))


def _operations(step: Step, result: Result) -> list[str]:
    """Operations are compared in order resource by resource: independent ones run in any order."""
    problems = []
    if bool(step.get("failed")) != result.failed:
        problems.append(f"failed is {result.failed}")
    for name in {*resource_names(step), *(event["name"] for event in result.engine)}:
        wanted = [_event(event) for event in step["engine"] if event["name"] == name]
        got = [_event(event) for event in result.engine if event["name"] == name]
        if wanted != got:
            problems.append(f"operations on {name}:\n  recorded {wanted}\n  ours     {got}")
    return problems


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {
        path: kind.get("kind") or kind.get("diffKind")
        for path, kind in (event.get("detailedDiff") or {}).items()
    }
    lists = {name: sorted(event[name]) for name in ("diffs", "replaces") if event.get(name)}
    return {"op": event["op"], **lists, **({"detailedDiff": kinds} if kinds else {})}


def _calls(step: Step, wanted: Sequence[Call], heard: Sequence[Call]) -> list[str]:
    """Calls in order; those of several resources of one type, which run side by side, in any."""
    types = [event["type"] for event in step["engine"] if event["op"] not in ("same", "replace")]
    several = len(set(types)) < len(types) and len(resource_names(step)) > 1
    problems = []
    for part in sorted({_part(call) for call in [*wanted, *heard]}):
        left = without_repeated_looks([call for call in wanted if _part(call) == part])
        right = without_repeated_looks([call for call in heard if _part(call) == part])
        if several or not step["engine"]:
            left, right = sorted(left), sorted(right)
        if left != right:
            texts = ["\n    ".join(["", *keys]) for keys in (left, right)]
            problems.append(f"calls:\n  recorded{texts[0]}\n  ours{texts[1]}")
    return problems


def _part(call: Call) -> str:
    """Linode's firewalls and instances are made side by side."""
    return "firewalls" if call.path.startswith("/v4/networking/") else ""


def _diagnostics(step: Step, result: Result, address: str) -> list[str]:
    """Each recorded message must have been shown for the same resource."""
    shown = [(item["urn"], item["message"]) for item in result.diagnostics]
    missing = []
    for item in step.get("diagnostics", []):
        text = item["message"].replace("<FAKE>", address).strip("\n")
        text = re.sub(r"urn:pulumi:\w+::\w+::", f"urn:pulumi:{STACK}::{PROJECT}::", text)
        if item["message"].startswith(NOT_COMPARED) or item["severity"] == "info":
            continue
        if "is deprecated" in text:
            continue
        if not any(urn.endswith(item["urn"]) and text in message for urn, message in shown):
            missing.append(f"message for {item['urn'] or 'the stack'}: {text!r} not in {shown}")
    return missing


def _state(step: Step, stack: Stack, before: dict[str, Any], address: str) -> list[str]:
    wanted = step.get("state")
    if wanted is None:
        return []
    text = json.dumps(before if wanted == UNCHANGED else wanted).replace("<FAKE>", address)
    text = re.sub(r"urn:pulumi:dev::p::", f"urn:pulumi:{STACK}::{PROJECT}::", text)
    return list(differences("state", _ours(json.loads(text)), _ours(stack.state())))


def _ours(state: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "inputs": {},
            **item,
            "outputs": {k: v for k, v in item["outputs"].items() if k not in NOT_OURS},
        }
        for name, item in state.items()
        if not item["type"].startswith("command:")
    }


def _exports(cloud: Cloud, step: Step, stack: Stack) -> list[str]:
    if "stackOutputs" not in step:
        return []
    outputs = next(
        item["outputs"]
        for item in stack.checkpoint()["checkpoint"]["latest"]["resources"]
        if item["type"] == "pulumi:pulumi:Stack"
    )
    wanted, got = _without_nulls(step["stackOutputs"]), _without_nulls(cloud.exports(outputs))
    return differences("exports", wanted, got)


def _without_nulls(value: Any) -> Any:
    """The SDK leaves them out of what a function returns."""
    match value:
        case dict():
            return {n: _without_nulls(item) for n, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value]
    return value


def _credentials(wanted: Mapping[str, str], heard: Sequence[Call]) -> list[str]:
    names = ("Authorization", "X-Auth-Key", "X-Auth-Email")
    return [
        f"credentials of {call.key}: {got}, not {wanted}"
        for call in heard
        if (got := {n: call.headers[n] for n in names if n in call.headers}) != wanted
        and "/oauth/" not in call.path
    ]


def differences(path: str, wanted: Any, got: Any) -> list[str]:
    """Where two documents differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return [
            line
            for key in sorted(wanted.keys() | got.keys())
            for line in (
                differences(f"{path}.{key}", wanted[key], got[key])
                if key in wanted and key in got
                else [f"{path}.{key} {'is missing' if key in wanted else f'is {got[key]!r}'}"]
            )
        ]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        pairs = enumerate(zip(wanted, got, strict=True))
        return [line for i, pair in pairs for line in differences(f"{path}[{i}]", *pair)]
    return [] if wanted == got else [f"{path}: recorded {wanted!r}, ours {got!r}"]
