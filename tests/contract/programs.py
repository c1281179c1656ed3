"""The programs of the command provider's recordings, which show only their results.

Most steps declare what their state has afterwards. The tables here are for the others: those that
fail, those with inputs from other resources, and those that change files first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.plugins.values import ARCHIVE_SIGNATURE, ASSET_SIGNATURE, SIGNATURE_KEY
from tests.contract.declare import Declared, Resource, concat, ref

Step = dict[str, Any]
REMOTE, LOCAL = "command:remote:Command", "command:local:Command"
COPY = "command:remote:CopyToRemote"
KEY = {"__secret__": "<PRIVATE KEY k1>"}
CONNECTION = {
    "host": "127.0.0.1",
    "port": "<SSH_PORT>",
    "user": "root",
    "privateKey": KEY,
    "dialErrorLimit": 2,
    "perDialTimeout": 5,
}
CREATE = 'echo create "FOO_A=$FOO_A" >> /REMOTE/log; echo out; echo err >&2'
DELETE = "echo delete >> /REMOTE/log"
OMIT = object()
BARE: dict[str, Any] = {"delete": OMIT, "triggers": OMIT}


def connection(**changes: Any) -> dict[str, Any]:
    """The recordings' connection with other or without some fields."""
    full = {**CONNECTION, **changes}
    return {name: value for name, value in full.items() if value is not OMIT}


def remote(conn: dict[str, Any] | None = None, **changes: Any) -> list[Declared]:
    """The recordings' remote command `x` with other or without some inputs."""
    inputs = {
        "connection": {"__secret__": conn or CONNECTION},
        "create": CREATE,
        "delete": DELETE,
        "triggers": ["1"],
    } | changes
    return [Resource("x", REMOTE, _kept(inputs), {"additional_secret_outputs": ["connection"]})]


def local(**inputs: Any) -> list[Declared]:
    """A local command `x`."""
    return [Resource("x", LOCAL, inputs)]


def copy(source: Any, path: str = "/DEST/t", conn: dict[str, Any] | None = None) -> list[Declared]:
    """A copy `x`."""
    inputs = {
        "connection": {"__secret__": conn or CONNECTION},
        "source": source,
        "remotePath": path,
    }
    return [Resource("x", COPY, inputs, {"additional_secret_outputs": ["connection"]})]


def _kept(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value is not OMIT}


def file_asset(path: str) -> dict[str, Any]:
    return {SIGNATURE_KEY: ASSET_SIGNATURE, "path": path}


def text_asset(text: str) -> dict[str, Any]:
    return {SIGNATURE_KEY: ASSET_SIGNATURE, "text": text}


def file_archive(path: str) -> dict[str, Any]:
    return {SIGNATURE_KEY: ARCHIVE_SIGNATURE, "path": path}


def host_from_output() -> list[Declared]:
    """A remote command whose host is another command's output."""
    conn = connection(host=ref("d", "stdout"), dialErrorLimit=OMIT, perDialTimeout=OMIT)
    return [Resource("d", LOCAL, {"create": "printf 127.0.0.1"}), *remote(conn)]


def inputs_from_output() -> list[Declared]:
    """A remote command whose text and environment are another command's output."""
    output = ref("d", "stdout")
    changed = {"create": concat("echo ", output), "environment": {"FOO_A": output}}
    return [Resource("d", LOCAL, {"create": "printf hi"}), *remote(**changed, **BARE)]


def dependents(create: str, trigger: str = "1") -> list[Declared]:
    """A remote command, and local ones that depend on it in four ways."""
    uses = {"create": "true", "environment": {"O": ref("x", "stdout")}}
    return [
        *remote(create=create, delete=OMIT, triggers=[trigger]),
        Resource("depends_on", LOCAL, {"create": "true"}, {"depends_on": ["x"]}),
        Resource("uses_stdout", LOCAL, uses),
        *(
            Resource(f"trigger_{name}", LOCAL, {"create": "true", "triggers": [ref("x", name)]})
            for name in ("stdout", "id")
        ),
    ]


def closed_port(limit: Any, **more: Any) -> list[Declared]:
    return remote(connection(port=1, dialErrorLimit=limit, **more))


SLOW_TRY = "echo try >> /REMOTE/log; echo some-out; echo some-err >&2; exit 3"
SHORT_TRY = "echo try >> /REMOTE/log; echo some-out; exit 3"
NO_ACCEPT_ENV = connection(port="<SSH_PORT_NO_ACCEPTENV>")
GARBAGE_KEY = remote(connection(privateKey="garbage"))
MISSING_FILE = copy(file_asset("/LOCAL/nope.txt"))
LONG_LINE = "head -c 70000 /dev/zero | tr '\\0' a"
SHORT_LINES = (
    "echo 200000; i=0; while [ $i -lt 4000 ]; do "
    "echo 0123456789012345678901234567890123456789012345678; i=$((i+1)); done"
)

# What a step declares, by scenario and position, where its state does not show it.
PROGRAMS: dict[str, dict[int, Sequence[Declared]]] = {
    "environment_not_accepted_by_sshd": {0: remote(NO_ACCEPT_ENV, environment={"FOO_A": "1"})},
    "create_exit_nonzero": {0: remote(create=SLOW_TRY), 1: remote(create=SLOW_TRY)},
    "create_exit_nonzero_logging_none": {
        0: remote(create="echo some-out; echo some-err >&2; exit 3", logging="none")
    },
    "create_killed_by_signal": {0: remote(create="kill -9 $$")},
    "update_exit_nonzero": {
        1: remote(create=SHORT_TRY),
        2: remote(create=SHORT_TRY),
        3: remote(),
    },
    "replace_create_exit_nonzero": {
        1: remote(create="echo try >> /REMOTE/log; exit 3", triggers=["2"])
    },
    "removed_from_program": {1: []},
    "host_unknown_in_preview": {0: host_from_output(), 1: host_from_output()},
    "unknown_inputs_in_first_preview": {0: inputs_from_output(), 1: inputs_from_output()},
    "err_wrong_key": {0: remote(connection(privateKey={"__secret__": "<PRIVATE KEY k3>"}))},
    "err_no_auth": {0: remote(connection(privateKey=OMIT))},
    "err_key_garbage": {0: GARBAGE_KEY, 1: GARBAGE_KEY},
    "err_wrong_host_key": {0: remote(connection(hostKey="<HOST KEY LINE other>"))},
    "err_closed_port_limit0": {0: closed_port(0)},
    "err_closed_port_limit1": {0: closed_port(1)},
    "err_closed_port_limit3": {0: closed_port(3)},
    "err_closed_port_default_limit": {0: closed_port(OMIT)},
    "err_unknown_host": {0: remote(connection(host="no-such-host.invalid", dialErrorLimit=1))},
    "err_delete_unreachable": {1: closed_port(1)},
    "err_missing_host": {0: remote({"user": "root"})},
    "defaults_in_state": {
        0: remote(connection(dialErrorLimit=OMIT, perDialTimeout=OMIT), create="true", **BARE)
    },
    "output_200000_bytes_in_short_lines": {0: remote(create=SHORT_LINES)},
    "output_one_line_of_70000_bytes": {0: remote(create=LONG_LINE, **BARE)},
    "output_one_line_of_70000_bytes_logging_none": {
        0: remote(create=LONG_LINE, logging="none", **BARE)
    },
    "err_silent_port": {0: remote(connection(port="<SSH_PORT_SILENT>", dialErrorLimit=0))},
    "err_perdialtimeout_zero_closed": {0: closed_port(0, perDialTimeout=0)},
    "dependents_in_preview": {
        0: dependents("echo a"),
        1: dependents("echo b"),
        2: dependents("echo a", "2"),
        3: dependents("echo b"),
        4: dependents("echo b "),
    },
    "file_asset_of_dir": {0: copy(file_asset("/LOCAL/dir"))},
    "missing_local": {0: MISSING_FILE, 1: MISSING_FILE},
    "no_permission": {0: copy(file_asset("/LOCAL/one.txt"), "/DEST/f/x")},
    "unreachable": {
        0: copy(file_asset("/LOCAL/one.txt"), conn=connection(port=1, dialErrorLimit=1))
    },
    "wrong_key": {
        0: copy(
            file_asset("/LOCAL/one.txt"),
            conn=connection(privateKey={"__secret__": "<PRIVATE KEY k3>"}, dialErrorLimit=0),
        )
    },
    "local/exit_nonzero": {0: local(create="echo o; echo e >&2; exit 3")},
    "local/output_one_line_of_70000_bytes": {0: local(create=LONG_LINE)},
}
REPLACED_FIRST = {"delete_before_replace": 1}


@dataclass(frozen=True)
class Place:
    """The directories /LOCAL, /DEST and /REMOTE of the recordings."""

    local: Path
    dest: Path
    remote: Path

    @classmethod
    def create(cls, directory: Path) -> Place:
        """Create them, with the files that the recordings copy."""
        place = cls(*(directory / name for name in ("local", "dest", "remote")))
        for path in (place.local / "dir" / "sub", place.dest, place.remote):
            path.mkdir(parents=True)
        (place.local / "one.txt").write_text("ONE")
        script = place.local / "dir" / "sub" / "b.sh"
        script.write_text("#!/bin/sh\necho b\n")
        script.chmod(0o755)
        return place


def _existing(text: str, name: str = "t", mode: int = 0o644) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        (place.dest / name).write_text(text)
        (place.dest / name).chmod(mode)

    return make


def _write(name: str, text: str) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        (place.local / name).write_text(text)

    return make


# Changes of files before a step, by scenario and position.
PREPARATIONS: dict[str, dict[int, Callable[[Place], None]]] = {
    "file_to_missing": {2: _write("one.txt", "TWO")},
    "file_over_existing": {0: _existing("old", mode=0o600)},
    "no_permission": {0: _existing("x", "f")},
}


def declared_by(family: str, scenario: str, steps: Sequence[Step]) -> list[Sequence[Declared]]:
    """What each step of a scenario declares."""
    programs = PROGRAMS.get(f"local/{scenario}" if family == "localCommand" else scenario, {})
    found: list[Sequence[Declared]] = []
    for number, step in enumerate(steps):
        if number in programs:
            found.append(programs[number])
        elif isinstance(step.get("state"), dict) and step["state"]:
            first = REPLACED_FIRST.get(scenario) == number
            found.append(_from_state(step["state"], delete_before_replace=first))
        else:
            found.append(found[-1])
    return found


def _from_state(state: dict[str, Any], *, delete_before_replace: bool) -> list[Declared]:
    return [
        Resource(
            name,
            item["type"],
            expanded(item["inputs"]),
            {
                "additional_secret_outputs": item.get("additionalSecretOutputs"),
                "delete_before_replace": delete_before_replace or None,
            },
        )
        for name, item in state.items()
    ]


def expanded(value: Any) -> Any:
    """A recorded value with the full form of its abbreviated long lines."""
    text = json.dumps(value)
    for count in (65000, 70000):
        text = text.replace(f"<'a' repeated {count} times>", "a" * count)
    return json.loads(text)
