"""A change of every modelled input of the command provider's resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.contract.declare import Resource
from tests.contract.programs import (
    COPY,
    LOCAL,
    REMOTE,
    Place,
    connection,
    file_asset,
)
from tests.contract.sshd import Servers

SECRET = {"additional_secret_outputs": ["connection"]}


@dataclass(frozen=True)
class Pair:
    """An input's two values, and the path at which the diff shows the change between them."""

    before: Any
    after: Any
    path: str


@dataclass(frozen=True)
class Change:
    """One resource, before and after a change of one input; `field` is one of its connection's."""

    type: str
    input: str
    kind: str
    path: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    field: str = ""

    @property
    def name(self) -> str:
        parts = (self.type.split(":")[1], self.type.split(":")[2], self.input, self.field)
        return "-".join([*filter(None, parts), self.kind]).lower()

    def resource(self, *, changed: bool) -> Resource:
        """The resource before or after the change; LOG in texts becomes its own file."""
        inputs = _logged(self.after if changed else self.before, self.name)
        return Resource(self.name, self.type, inputs, {} if self.type == LOCAL else SECRET)


def _logged(value: Any, name: str) -> Any:
    match value:
        case str():
            return value.replace("LOG", name)
        case dict():
            return {key: _logged(item, name) for key, item in value.items()}
        case list():
            return [_logged(item, name) for item in value]
    return value


def pairs(type: str, place: Place, servers: Servers) -> dict[str, Pair]:
    """Two values of every modelled input of a type."""
    here = connection(port=servers.port, user=servers.user, privateKey=servers.private_key("k1"))
    reached = {**here, "privateKey": servers.private_key("k2")}
    pair = {"connection": Pair(here, reached, "connection")}
    triggers = {"triggers": Pair(["1", "2"], ["1", "3"], "triggers[1]")}
    if type == COPY:
        one, two = (file_asset(str(place.local / name)) for name in ("dir/sub/b.sh", "one.txt"))
        sources = Pair(one, two, "source")
        paths = Pair(f"{place.dest}/LOG", f"{place.dest}/LOG.2", "remotePath")
        return pair | triggers | {"source": sources, "remotePath": paths}
    commands = triggers | _command_pairs(place)
    return pair | commands if type == REMOTE else commands


def _command_pairs(place: Place) -> dict[str, Pair]:
    texts = {
        name: Pair(
            f"echo {name} >> {place.remote}/LOG", f"echo {name}2 >> {place.remote}/LOG", name
        )
        for name in ("create", "delete")
    }
    environment = Pair({"FOO_A": "1"}, {"FOO_A": "2"}, "environment.FOO_A")
    return texts | {
        "addPreviousOutputInEnv": Pair(True, False, "addPreviousOutputInEnv"),
        "environment": environment,
        "logging": Pair("none", "stdout", "logging"),
        "stdin": Pair("a", "b", "stdin"),
    }


def changes(type: str, required: set[str], place: Place, servers: Servers) -> Iterator[Change]:
    """Every modelled input changed, and every optional one removed and added."""
    values = pairs(type, place, servers)
    full = {name: pair.before for name, pair in values.items()}
    for name, pair in values.items():
        yield Change(type, name, "update", pair.path, full, {**full, name: pair.after})
        if name not in required:
            without = {key: value for key, value in full.items() if key != name}
            yield Change(type, name, "delete", name, full, without)
            yield Change(type, name, "add", name, without, full)


FIELDS = {
    "dialErrorLimit": 3,
    "host": "localhost",
    "hostKey": "ssh-ed25519 AAAA",
    "perDialTimeout": 6,
    "port": 1,
    "privateKey": "other",
    "user": "nobody",
}


def connection_changes(type: str, place: Place, servers: Servers) -> Iterator[Change]:
    """Every modelled field of the connection changed, for previews: no server answers there."""
    full = {name: pair.before for name, pair in pairs(type, place, servers).items()}
    for field, value in FIELDS.items():
        after = {**full, "connection": {**full["connection"], field: value}}
        yield Change(type, "connection", "update", "connection", full, after, field)
