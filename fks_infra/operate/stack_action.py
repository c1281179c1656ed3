"""Starts or stops the stacks of servers, one server after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fks_infra.operate.stack_choice import Target
from fks_infra.operate.stack_host import PREFIX, SSH_FAILED
from fks_infra.operate.stack_state import States
from fks_infra.operate.unreachable import Unreachable

# Seconds; longer than the program's own limit and its wait for the lock. A dump may take an hour.
SECONDS = 1500.0
CLEANUP_SECONDS = 6600.0
# As host/fks_deploy/stack/app.py documents it.
LOCKED = 75
_NOTHING_DEPLOYED = "nothing is deployed on this server"

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Action:
    """`words` are the arguments of the program on the servers, `done` says what they achieve."""

    words: tuple[str, ...]
    done: str
    seconds: float = SECONDS

    @classmethod
    def start(cls, who: str) -> "Action":
        return cls(words=("start", *_named(who=who)), done="started")

    @classmethod
    def stop(cls, who: str, reason: str, *, force: bool) -> "Action":
        return cls(words=("stop", *_named(who=who, reason=reason, force=force)), done="stopped")

    @classmethod
    def clean_up(cls, who: str, reason: str, *, force: bool) -> "Action":
        words = ("cleanup", *_named(who=who, reason=reason, force=force))
        return cls(words=words, done="stopped and cleaned up", seconds=CLEANUP_SECONDS)


def _named(**options: str | bool) -> Iterator[str]:
    for name, value in options.items():
        if value:
            yield f"--{name}"
        if value and value is not True:
            yield str(value)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a server: `text` is one sentence, `command` the one to type next, or empty."""

    server: str
    succeeded: bool
    text: str
    command: str = ""


def act(
    action: Action, targets: Sequence[Target], states: States, report: Report
) -> Iterator[Result]:
    """The results in the order of the targets; a server that fails does not keep the next one from
    its turn. `report` gets the progress, a line at a time."""
    for target in targets:
        yield _on_server(action, target, states, report)


def _on_server(action: Action, target: Target, states: States, report: Report) -> Result:
    name, state = target.host.name, states[target.host.name]
    if isinstance(state, Unreachable):
        text = f"nothing was changed: {state.reason}"
        return Result(server=name, succeeded=False, text=text, command=state.command)
    if not state["release"]:
        command = f"pulumi up --replace '**{name}-stack-*'" if state["stopped"] else "pulumi up"
        return Result(server=name, succeeded=False, text=_NOTHING_DEPLOYED, command=command)
    words = [*action.words, *_named(roles=",".join(target.roles))]
    ended = target.host.run(
        *words, report=lambda line: report(f"{name}: {line}"), seconds=action.seconds
    )
    if ended.code == 0:
        what = f"{', '.join(target.roles)} {action.done}" if target.roles else action.done
        return Result(server=name, succeeded=True, text=what)
    return _failed(target, ended.code, ended.error)


def _failed(target: Target, code: int, error: str) -> Result:
    name = target.host.name
    if code == SSH_FAILED and target.host.key:
        found = target.host.unreachable(error)
        text = f"{found.reason}. What was begun there goes on"
        return Result(server=name, succeeded=False, text=text, command=f"fks status {name}")
    text = error.removeprefix(PREFIX)
    command = "" if code == LOCKED else f"fks status {name}"
    return Result(server=name, succeeded=False, text=text, command=command)
