"""One fault from cause to repair, in a stack that is a few variables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from rehearsal.game_day import drill as drills
from rehearsal.game_day.diagnosis import Diagnosis, Remark
from rehearsal.game_day.drill import Result, drill
from rehearsal.game_day.fault import Fault, Repair
from rehearsal.world.operator import Operator, RemoteCommandError
from rehearsal.world.scenario import Scenario


@dataclass
class Stack:
    """`says` is what the command names; `repaired` by a call of the operator."""

    broken: bool = False
    says: str = "api: it is broken"
    code: int = 0
    sick: str | None = None
    done: list[str] = field(default_factory=list)

    @property
    def operator(self) -> "Stack":
        return self

    def servers_by_role(self) -> dict[str, str]:
        return {"api": "single"}

    def unhealthy(self) -> str | None:
        return self.sick or ("it is broken" if self.broken else None)

    def call(self, command: Sequence[str]) -> int:
        self.done.append(command[-1])
        self.broken = self.code != 0
        return self.code


class FakeDiagnosis(Diagnosis):
    """Reads the stack above."""

    def read(self, operator: Operator, server: str, since: str) -> Remark | None:
        assert since.startswith("2")
        stack = cast(Stack, operator)
        return Remark(f"{stack.says} on {server}", "mend it") if stack.broken else None


@contextmanager
def broken(scenario: Scenario, _: str) -> Iterator[None]:
    stack = cast(Stack, scenario)
    stack.broken = True
    yield
    stack.done.append("undone")


def run(stack: Stack, **options: Any) -> Result:
    fault = Fault(
        name="x",
        breaks="{server} is broken",
        role="api",
        cause=options.pop("cause", broken),
        diagnosis=FakeDiagnosis(command="status", pattern="", seconds=0),
        repair=(Repair("mend {server}"),),
        **options,
    )
    return drill(cast(Scenario, stack), fault)


def test_a_fault_that_is_named_and_repaired_passes() -> None:
    stack = Stack()
    result = run(stack)
    assert (result.verdict, result.reason) == ("pass", "")
    assert (result.command, result.repair) == ("fks status", ("mend single",))
    assert (result.breaks, result.advice) == ("single is broken", "mend it")
    assert result.diagnosis == "api: it is broken on single"
    assert result.detected_seconds is not None and result.repair_seconds is not None
    assert stack.done == ["mend single", "undone"]


def test_a_click_repairs_instead_of_a_command() -> None:
    clicked: list[str] = []

    def click(scenario: Scenario, server: str) -> None:
        clicked.append(server)
        cast(Stack, scenario).broken = False

    stack = Stack()
    fault = Fault(
        name="x",
        breaks="",
        role="api",
        cause=broken,
        diagnosis=FakeDiagnosis(command="status", pattern=""),
        repair=(Repair("Power On", click),),
    )
    assert drill(cast(Scenario, stack), fault).verdict == "pass"
    assert clicked == ["single"]


def test_a_repair_that_fails_is_the_reason() -> None:
    result = run(Stack(code=3))
    assert (result.verdict, result.reason) == ("fail", "mend single exited with 3")
    assert result.detected_seconds is not None and result.repair_seconds is None


def test_a_fault_that_nothing_names_fails() -> None:
    @contextmanager
    def unseen(*_: object) -> Iterator[None]:
        yield

    result = run(Stack(), cause=unseen)
    assert result.verdict == "fail" and "it does not say so" in result.reason
    assert result.detected_seconds is None


def test_a_stack_that_is_not_healthy_is_left_alone() -> None:
    stack = Stack(sick="api: 503")
    result = run(stack)
    assert (result.verdict, stack.done) == ("fail", [])
    assert result.reason == "not run: the rehearsal is not healthy: api: 503"


def test_a_fault_that_is_there_already_is_not_caused_again() -> None:
    stack = Stack(broken=True)
    result = run(stack)
    assert (result.verdict, stack.done) == ("fail", [])
    assert "says this already" in result.reason and "Next: mend single" in result.reason


def test_a_service_that_stays_down_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drills, "REPAIRED_SECONDS", 0)

    @contextmanager
    def sick(scenario: Scenario, _: str) -> Iterator[None]:
        stack = cast(Stack, scenario)
        stack.broken, stack.sick = True, "api: 503"
        yield

    result = run(Stack(), cause=sick)
    assert result.verdict == "fail" and result.reason.endswith("last state: api: 503")


def test_a_cause_that_fails_is_the_reason() -> None:
    @contextmanager
    def failing(*_: object) -> Iterator[None]:
        raise RemoteCommandError("docker is not there")
        yield

    assert run(Stack(), cause=failing).reason == "docker is not there"
