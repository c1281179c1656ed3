"""A drill in a stack that is a few variables."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from fks_infra.errors import OperatorError
from rehearsal.drills import run
from rehearsal.drills.loss import Loss
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.scenario import Scenario


@dataclass
class Stack:
    """`typed` are the scripts in the operator's shell, `on_servers` those on servers."""

    instances: dict[str, int] = field(default_factory=lambda: {"api": 1, "web": 2})
    typed: list[str] = field(default_factory=list)
    on_servers: list[tuple[str, str]] = field(default_factory=list)
    lost: bool = False

    @property
    def operator(self) -> "Stack":
        return self

    def servers(self) -> list[dict[str, Any]]:
        return [] if self.lost else [{"name": name} for name in self.instances]

    def instance(self, name: str) -> int:
        return self.instances[name]

    def unhealthy(self) -> str | None:
        return None

    def output(self, command: Sequence[str]) -> str:
        self.typed.append(command[-1])
        return ""

    def on_server(self, name: str, *command: str) -> str:
        self.on_servers.append((name, command[-1]))
        return ""


def lose(scenario: Scenario) -> None:
    cast(Stack, scenario).lost = True


def replaced(scenario: Scenario) -> None:
    cast(Stack, scenario).instances["api"] = 3


LAPTOP = Loss(
    name="laptop-lost",
    title="Laptop lost",
    cause=lose,
    fill={"URL": lambda _: "file:///x", "FILE": lambda _: "/root/p"},
    before="unset X",
)
PASSPHRASE = Loss(
    name="passphrase-lost",
    title="Passphrase lost",
    cause=lose,
    late={"KEY": lambda _: "ssh-ed25519 AAAA"},
    typed={"fks recover-state": r"y\n"},
)


def drill(loss: Loss) -> Stack:
    stack = Stack()
    run.drill(cast(Scenario, stack), loss)
    return stack


def test_exported_variables_are_in_force_for_each_command() -> None:
    first, *_, last = drill(LAPTOP).typed
    assert "unset X\n" in first
    assert "export PULUMI_BACKEND_URL=file:///x PULUMI_CONFIG_PASSPHRASE_FILE=/root/p; " in first
    assert "PULUMI_CONFIG_PASSPHRASE_FILE=/root/p; pulumi preview --stack prod" in last


def test_a_command_for_servers_is_typed_on_all_of_them() -> None:
    stack = drill(PASSPHRASE)
    assert [name for name, _ in stack.on_servers] == ["api", "web"]
    assert all('--key "ssh-ed25519 AAAA"' in text for _, text in stack.on_servers)
    assert r"printf 'y\n' | ( fks recover-state --stack prod )" in stack.typed[2]


def test_a_replaced_server_fails_the_drill_unless_it_is_allowed() -> None:
    with pytest.raises(RemoteCommandError, match="have become"):
        drill(replace(LAPTOP, cause=replaced))
    drill(replace(LAPTOP, cause=replaced, new_servers=True))


def test_an_unknown_drill_is_refused_before_anything_is_lost() -> None:
    with pytest.raises(OperatorError, match=r"no drill is named 'x'.*Next: name one of"):
        run.run(["x"])


def test_the_list_names_every_drill() -> None:
    assert "state-lost         State lost\n" in run.listed()
