"""Changes that no recording has: the schema, and the rules beside the recordings, judge them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.changes import FIELDS, Change, changes, connection_changes, pairs
from tests.contract.declare import Resource
from tests.contract.harness import Engine, Result, Stack
from tests.contract.programs import COPY, LOCAL, REMOTE, Place, connection
from tests.contract.recordings_dir import load
from tests.contract.sshd import Servers, servers

pytestmark = pytest.mark.contract

TYPES = (REMOTE, LOCAL, COPY)


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
    stack: Stack
    made: list[Change]
    only_previewed: list[Change]
    preview: Result
    up: Result
    again: Result

    def steps(self, result: Result, change: Change) -> list[dict[str, Any]]:
        return [step for step in result.engine if step["name"] == change.name]

    def ran(self, change: Change) -> list[str]:
        """What the commands wrote since they were created."""
        path = self.place.remote / change.name
        return path.read_text().splitlines()[1:] if path.exists() else []


@pytest.fixture(scope="module")
def outcome(engine: Engine, ssh: Servers) -> Outcome:
    """Create, preview the changes, make them, and run once more."""
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
        # Without a create command the first run wrote nothing.
        path = place.remote / change.name
        if change.type != COPY and not path.exists():
            path.write_text("nothing\n")
    after = [change.resource(changed=True) for change in made]
    all_after = [*after, *(change.resource(changed=True) for change in previewed)]
    preview = stack.run("preview", all_after, timeout=180)
    after += [change.resource(changed=False) for change in previewed]
    up = stack.run("up", after, timeout=180)
    again = stack.run("up", after, timeout=180)
    return Outcome(place, stack, made, previewed, preview, up, again)


@pytest.mark.parametrize("type", TYPES)
def test_every_input_of_the_schema_is_changed(type: str, ssh: Servers, engine: Engine) -> None:
    place = Place.create(engine.directory / "all" / type.replace(":", "-"))
    assert set(pairs(type, place, ssh)) == set(schema()["resources"][type]["inputProperties"])


def test_every_field_of_the_connection_is_changed() -> None:
    assert set(FIELDS) == set(schema()["types"]["command:remote:Connection"]["properties"])


def test_the_schema_says_what_replaces(outcome: Outcome) -> None:
    resources = schema()["resources"]
    for change in [*outcome.made, *outcome.only_previewed]:
        about = resources[change.type]["inputProperties"][change.input]
        replaces = about.get("replaceOnChanges", False)
        steps = outcome.steps(outcome.preview, change)
        wanted = ["create-replacement", "replace", "delete-replaced"] if replaces else ["update"]
        assert sorted(step["op"] for step in steps) == sorted(wanted), change.name
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


def test_the_right_command_runs(outcome: Outcome) -> None:
    for change in outcome.made:
        if change.type == COPY:
            continue
        after = change.resource(changed=True).inputs
        name = "update" if "update" in after else "create"
        wanted = [str(after[name]).split()[1]]
        if change.input == "triggers":
            wanted = ["create", "delete"]
        assert outcome.ran(change) == wanted, change.name


def test_copies_are_made_where_content_path_or_triggers_change(outcome: Outcome) -> None:
    contents = {path.name: path.read_text() for path in outcome.place.dest.iterdir()}
    assert contents["remote-copytoremote-source-update"] == "ONE"
    assert contents["remote-copytoremote-remotepath-update.2"] == "one"
    assert contents["remote-copytoremote-remotepath-update"] == "one"
    assert contents["remote-copytoremote-connection-update"] == "one"


def test_the_providers_own_secrets_are_marked_in_state(outcome: Outcome) -> None:
    item = outcome.stack.state()["remote-command-stdin-update"]
    for part in ("inputs", "outputs"):
        assert set(item[part]["connection"]) == {"__secret__"}
        assert set(item[part]["connection"]["__secret__"]["privateKey"]) == {"__secret__"}


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown input": (LOCAL, {"creat": "true"}, "creat"),
    "a wrong type": (LOCAL, {"create": ["true"]}, "must be of type string"),
    "an unknown logging": (LOCAL, {"create": "true", "logging": "all"}, "'all' is none of"),
    "a missing connection": (REMOTE, {"create": "true"}, "Missing required field 'connection'"),
    "an unknown field": (REMOTE, {"connection": connection(hots="x")}, "hots"),
    "a port that is text": (REMOTE, {"connection": connection(port="22")}, "type number"),
    "a proxy without host": (REMOTE, {"connection": connection(port=1, proxy={})}, "ProxyConn"),
    "a missing source": (COPY, {"connection": connection(port=1), "remotePath": "/x"}, "source"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_inputs_fail_in_preview(engine: Engine, case: str) -> None:
    type, inputs, text = REFUSED[case]
    name = f"refused-{case.replace(' ', '-')}"
    preview = engine.stack(name).run("preview", [Resource("x", type, inputs)])
    assert preview.failed
    assert any(text in error for error in preview.errors), preview.output
