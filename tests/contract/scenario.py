"""Replays recorded scenarios of a cloud's plugin and lists the differences."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
import yaml

from tests.contract import comparison
from tests.contract.comparison import UNCHANGED, Step, differences
from tests.contract.declare import PROVIDER, Declared, Resource
from tests.contract.harness import STACK, Engine, Stack
from tests.contract.recorded_api import Call, RecordedApi, recorded
from tests.contract.recordings_dir import load

WORKERS = 3

# A failed program leaves unfinished coroutines of the SDK behind.
UNFINISHED_COROUTINES = "ignore::pytest.PytestUnraisableExceptionWarning"

Config = Callable[[str], Mapping[str, Any]]
Programs = Mapping[tuple[str, str], Sequence[Declared]]
# Scenario -> its differences, as soon as it has run.
Replays = dict[str, Future[list[str]]]


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """What scenarios of one provider need beyond the recordings.

    By (scenario, step label): `programs` has those that the stored state does not show,
    `environments` other variables (label "": for all steps), `new_stacks` the steps that start with
    an empty stack. By scenario: `configs` has other configurations (None: none at all). `elided`
    returns the calls of a creation without recorded answers, `credentials` the credentials that
    each call of a step must carry.
    """

    name: str
    programs: Programs
    config: Config
    configs: Mapping[str, Config | None] = field(default_factory=dict)
    environments: Mapping[tuple[str, str], Callable[[str], Mapping[str, str]]] = field(
        default_factory=dict
    )
    elided: Callable[[list[Step], list[Call]], list[Call]]
    credentials: Callable[[str, str], Mapping[str, str]]
    new_stacks: Sequence[tuple[str, str]] = ()

    @cached_property
    def recording(self) -> dict[str, Any]:
        """The whole recording."""
        return load(self.name)

    def steps(self, scenario: str) -> list[Step]:
        """The steps of a scenario."""
        found: list[Step] = self.recording["scenarios"][scenario]
        return found

    def scenarios(self) -> list[str]:
        """The names of the recorded scenarios."""
        return list(self.recording["scenarios"])

    def environment(self, name: str, label: str, address: str) -> Mapping[str, str]:
        """The environment of a step."""
        usual = self.environments.get((name, ""), lambda _: {})
        return self.environments.get((name, label), usual)(address)


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
    """Inputs without the defaults that the plugin filled in."""
    match value:
        case dict():
            filled = {*value.get("__defaults", ()), "__defaults"}
            return {name: _given(item) for name, item in value.items() if name not in filled}
        case list():
            return [_given(item) for item in value]
    return value


def programs(cloud: Cloud, name: str, steps: Sequence[Step]) -> list[Sequence[Declared]]:
    """Each step's program: from the table, its state, the step before, or (previews) the next."""
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
def replaying(cloud: Cloud, engine: Engine, request: pytest.FixtureRequest) -> Iterator[Replays]:
    """Run the selected scenarios, several at a time."""
    here = [item for item in request.session.items if item.path == request.path]
    names = [item.callspec.params.get("scenario") for item in here if hasattr(item, "callspec")]
    with ThreadPoolExecutor(WORKERS) as pool:
        yield {
            name: pool.submit(_play_alone, cloud, engine, name)
            for name in dict.fromkeys(names)
            if name in cloud.scenarios()
        }


def _play_alone(cloud: Cloud, engine: Engine, name: str) -> list[str]:
    with RecordedApi().running() as api:
        return play(cloud, engine, name, api)


def play(cloud: Cloud, engine: Engine, name: str, api: RecordedApi) -> list[str]:
    """Run all steps of a scenario; returns the differences from the recording."""
    steps = cloud.steps(name)
    stack = _stack(cloud, engine, name, api)
    before: dict[str, Any] = {}
    problems: list[str] = []
    for index, (step, program) in enumerate(zip(steps, programs(cloud, name, steps), strict=True)):
        if (name, step["label"]) in cloud.new_stacks:
            stack = _stack(cloud, engine, name, api)
        calls = recorded(step["http"])
        if step.get("elided"):
            calls = cloud.elided(steps[index:], calls)
        api.play(calls)
        stack.env.update(cloud.environment(name, step["label"], api.address))
        result = stack.run(step["op"], program)
        found = [
            *comparison.operations(step, result),
            *comparison.calls(step, calls, api.received),
            *comparison.diagnostics(step, result, api.address),
            *comparison.state(step, stack, before, api.address),
            *comparison.credentials(cloud.credentials(name, step["label"]), api.received),
        ]
        problems += [f"{step['label']}: {problem}" for problem in found]
        if found:
            problems.append(f"{step['label']}: output of the engine:\n{result.output[-1500:]}")
            break
        before = stack.state()
    # Ends the unfinished coroutines that an interrupted program left.
    gc.collect()
    return problems


def _stack(cloud: Cloud, engine: Engine, name: str, api: RecordedApi) -> Stack:
    """An empty stack with the configuration of the scenario."""
    used = len(list(engine.directory.glob(f"stacks/{cloud.name}-{name}*")))
    stack = engine.stack(f"{cloud.name}-{name}-{used}")
    if config := cloud.configs.get(name, cloud.config):
        configure(stack, config(api.address))
    return stack


def provider_in_state(
    cloud: Cloud, engine: Engine, title: str, scenario: str, config: Config
) -> list[str]:
    """The differences of the provider in state after the first `up` of a scenario."""
    stored_then = cloud.recording["providerInState"][title]
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
    expected = {name: stored_then[f"provider{name.title()}InState"] for name in got}
    text = json.dumps(expected).replace("<FAKE>", api.address)
    return [*result.errors, *differences("provider", json.loads(text), got)]


def configure(stack: Stack, config: Mapping[str, Any]) -> None:
    """Set stack configuration; `{"__secret__": v}` is encrypted, all else is plain text."""
    for key, value in config.items():
        if isinstance(value, dict):
            arguments = ["config", "set", "--secret", "--stack", STACK, key, value["__secret__"]]
            stack.engine.call(stack.directory, arguments, {}, timeout=60).check_returncode()
    plain = {key: value for key, value in config.items() if not isinstance(value, dict)}
    path = stack.directory / f"Pulumi.{STACK}.yaml"
    settings = yaml.safe_load(path.read_text()) if path.exists() else {}
    # JSON is YAML, and quotes every string.
    path.write_text(json.dumps({**settings, "config": {**settings.get("config", {}), **plain}}))
