"""Changes beyond the recordings, checked against the schema and the recordings' README."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from rehearsal.plugins.command.inputs import COMMAND_INPUTS, CONNECTION, COPY_INPUTS, REMOTE_INPUTS
from tests.contract.changes import FIELDS, Change, changes, connection_changes, pairs
from tests.contract.declare import Resource
from tests.contract.harness import Engine, Result
from tests.contract.programs import COPY, LOCAL, REMOTE, Place, connection
from tests.contract.recordings_dir import load
from tests.contract.sshd import Servers, servers

pytestmark = pytest.mark.contract

TYPES = {REMOTE: REMOTE_INPUTS, LOCAL: COMMAND_INPUTS, COPY: COPY_INPUTS}


def schema() -> dict[str, Any]:
    return load("schemas/command")


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Real SSH servers."""
    with servers(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@dataclass(frozen=True)
class Outcome:
    """All changes at once: each on a resource of its own, in one program."""

    place: Place
    state: dict[str, dict[str, Any]]
    made: list[Change]
    only_previewed: list[Change]
    preview: Result
    up: Result
    again: Result
    destroyed: Result

    def steps(self, result: Result, change: Change) -> list[dict[str, Any]]:
        return [step for step in result.engine if step["name"] == change.name]

    def ran(self, change: Change) -> list[str]:
        """The names that the commands wrote after the creation."""
        path = self.place.remote / change.name
        return path.read_text().splitlines()[1:] if path.exists() else []

    def runs(self, change: Change, *commands: str) -> list[str]:
        """The names that these commands of the changed resource write."""
        texts = change.resource(changed=True).inputs
        return [str(texts[name]).split()[1] for name in commands if name in texts]


@pytest.fixture(scope="module")
def outcome(engine: Engine, ssh: Servers) -> Outcome:
    """Create, preview the changes, make them, run once more, and destroy."""
    stack = engine.stack("changes")
    place = Place.create(stack.directory / "files")
    resources = schema()["resources"]
    made = [
        change
        for type in TYPES
        for change in changes(type, set(resources[type].get("requiredInputs", [])), place, ssh)
    ]
    previewed = [
        change for type in (REMOTE, COPY) for change in connection_changes(type, place, ssh)
    ]
    before = [change.resource(changed=False) for change in [*made, *previewed]]
    assert not stack.run("up", before, timeout=180).failed
    for change in made:
        # A first run without a create command writes nothing.
        path = place.remote / change.name
        if change.type != COPY and not path.exists():
            path.write_text("nothing\n")
    after = [change.resource(changed=True) for change in made]
    all_after = [*after, *(change.resource(changed=True) for change in previewed)]
    preview = stack.run("preview", all_after, timeout=180)
    after += [change.resource(changed=False) for change in previewed]
    up = stack.run("up", after, timeout=180)
    again = stack.run("up", after, timeout=180)
    state = stack.state()
    destroyed = stack.run("destroy", timeout=180)
    return Outcome(place, state, made, previewed, preview, up, again, destroyed)


@pytest.mark.parametrize("type", TYPES)
def test_every_modelled_input_is_changed(type: str, ssh: Servers, engine: Engine) -> None:
    place = Place.create(engine.directory / "all" / type.replace(":", "-"))
    modelled = set(TYPES[type])
    assert set(pairs(type, place, ssh)) == modelled
    assert modelled <= set(schema()["resources"][type]["inputProperties"])


def test_every_modelled_field_of_the_connection_is_changed() -> None:
    assert set(FIELDS) == set(CONNECTION)
    assert set(FIELDS) <= set(schema()["types"]["command:remote:Connection"]["properties"])


def test_the_schema_says_what_replaces(outcome: Outcome) -> None:
    resources = schema()["resources"]
    for change in [*outcome.made, *outcome.only_previewed]:
        about = resources[change.type]["inputProperties"][change.input]
        replaces = about.get("replaceOnChanges", False)
        steps = outcome.steps(outcome.preview, change)
        expected = ["create-replacement", "delete-replaced", "replace"] if replaces else ["update"]
        assert sorted(step["op"] for step in steps) == expected, change.name
        kind = f"{change.kind}-replace" if replaces else change.kind
        detailed = next(step["detailedDiff"] for step in steps if "detailedDiff" in step)
        assert detailed == {change.path: {"kind": kind, "inputDiff": False}}, change.name


def test_the_real_run_does_what_the_preview_says(outcome: Outcome) -> None:
    assert not outcome.up.failed, outcome.up.output
    for change in outcome.made:
        previewed, done = (
            sorted(step["op"] for step in outcome.steps(result, change))
            for result in (outcome.preview, outcome.up)
        )
        assert previewed == done, change.name
    for change in outcome.only_previewed:
        assert [step["op"] for step in outcome.steps(outcome.up, change)] == ["same"]


def test_the_same_inputs_again_change_nothing(outcome: Outcome) -> None:
    assert {step["op"] for step in outcome.again.engine} == {"same"}


def test_a_change_runs_create_and_a_destroy_runs_delete(outcome: Outcome) -> None:
    assert not outcome.destroyed.failed, outcome.destroyed.output
    for change in outcome.made:
        if change.type == COPY:
            continue
        expected = outcome.runs(change, "create")
        if change.input == "triggers":
            expected = ["create", "delete"]
        assert outcome.ran(change) == [*expected, *outcome.runs(change, "delete")], change.name


def test_copies_are_made_where_content_path_or_triggers_change(outcome: Outcome) -> None:
    contents = {path.name: path.read_text() for path in outcome.place.dest.iterdir()}
    assert contents["remote-copytoremote-source-update"] == "ONE"
    script = (outcome.place.local / "dir" / "sub" / "b.sh").read_text()
    for name in ("remotepath-update.2", "remotepath-update", "connection-update"):
        assert contents[f"remote-copytoremote-{name}"] == script


def test_the_providers_own_secrets_are_marked_in_state(outcome: Outcome) -> None:
    item = outcome.state["remote-command-stdin-update"]
    for part in ("inputs", "outputs"):
        assert set(item[part]["connection"]) == {"__secret__"}
        assert set(item[part]["connection"]["__secret__"]["privateKey"]) == {"__secret__"}


INVALID: dict[str, tuple[str, dict[str, Any], str]] = {
    "a missing connection": (REMOTE, {"create": "true"}, "Missing required field 'connection'"),
    "a missing source": (COPY, {"connection": connection(port=1), "remotePath": "/x"}, "source"),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid_inputs_fail_in_preview(engine: Engine, case: str) -> None:
    type, inputs, text = INVALID[case]
    name = f"invalid-{case.replace(' ', '-')}"
    preview = engine.stack(name).run("preview", [Resource("x", type, inputs)])
    assert preview.failed
    assert any(text in error for error in preview.errors), preview.output
