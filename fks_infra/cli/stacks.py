"""`fks start` and `fks stop`: start or stop the stacks of servers, one server after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console

from fks_infra.cli import errors
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import write_json
from fks_infra.errors import OperatorError
from fks_infra.operate import stack_action, stack_choice, stack_host, stack_state
from fks_infra.operate.stack_action import Action, Result
from fks_infra.operate.stack_choice import Target
from fks_infra.operate.stack_host import Fleet
from fks_infra.operate.stack_state import States
from fks_infra.operate.unreachable import Unreachable

DONE, FAILED, NOTHING_DONE = 0, 1, 2

_console = Console(highlight=False)


@dataclass(frozen=True, kw_only=True)
class Request:
    """The options: `roles` empty for all; `mode` is multi, single or empty; `remote` does not act
    on the server that it is run on; `gpu` and `minimal` are what the stack must have."""

    stack: str = ""
    roles: tuple[str, ...] = ()
    mode: str = ""
    remote: bool = False
    gpu: bool = False
    minimal: bool = False
    callers_first: bool = False


# From the fleet, its targets and their states: the action, or None if the operator declined it.
Make = Callable[[Fleet, Sequence[Target], States], Action | None]


def change(request: Request, make: Make) -> int:
    """Run the action on the servers in their order; returns the exit code: 0 done, 1 a server
    failed or was not reached, 2 nothing was done."""
    try:
        with stack_host.fleet(request.stack, remote=request.remote) as fleet:
            targets, states = _read(request, fleet)
            if _none_reached(states):
                return _none(states)
            _check_options(request, fleet, states)
            action = make(fleet, targets, states)
            if action is None:
                return NOTHING_DONE
            return _act(action, targets, states)
    except OperatorError as error:
        errors.show(error)
        return NOTHING_DONE


def show(request: Request, *, as_json: bool) -> int:
    """Print which stacks run; returns the exit code: 0 all were read, 1 a server was not reached,
    2 none was reached."""
    try:
        with stack_host.fleet(request.stack, remote=request.remote) as fleet:
            _, states = _read(request, fleet)
    except OperatorError as error:
        errors.show(error)
        return NOTHING_DONE
    if as_json:
        write_json(stack_state.document(fleet.stack, states))
    else:
        _show_states(states)
    if _none_reached(states):
        return NOTHING_DONE
    return FAILED if any(isinstance(one, Unreachable) for one in states.values()) else DONE


def _read(request: Request, fleet: Fleet) -> tuple[tuple[Target, ...], States]:
    targets = stack_choice.targets(
        fleet, request.roles, request.mode, callers_first=request.callers_first
    )
    with waiting_for(f"reading {', '.join(target.host.name for target in targets)}"):
        return targets, stack_state.read(targets)


def _show_states(states: States) -> None:
    for name, state in states.items():
        if isinstance(state, Unreachable):
            _line(f"{name}: not read: {state.reason}", "red")
            _line(f"  next: {state.command}")
            continue
        for sentence in stack_state.sentences(state):
            _line(f"{name}: {sentence}")


def _none_reached(states: States) -> bool:
    return all(isinstance(one, Unreachable) for one in states.values())


def _none(states: States) -> int:
    _show_states(states)
    _line("No server was reached, nothing was changed.", "red")
    return NOTHING_DONE


def _check_options(request: Request, fleet: Fleet, states: States) -> None:
    """OperatorError for --gpu or --minimal on a stack that is deployed without."""
    reached = [one for one in states.values() if not isinstance(one, Unreachable)]
    services = {name for one in reached for own in one["services"].values() for name in own}
    if request.gpu and not any("gpu" in name for name in services):
        raise OperatorError(
            "--gpu: these servers have no GPU worker. Leave out --gpu, or set fks:gpu to true and "
            "one of Linode's GPU plans in fks:plan.api, with fks:services.api-gpu-worker.image, "
            'then pulumi up (docs/operations.md, "A server with a GPU")'
        )
    if request.minimal and not fleet.stack:
        raise OperatorError(
            "--minimal is fks:lowMemory of the stack, which a server does not know. Leave it out, "
            "or run fks start --minimal on the operator's machine"
        )
    if request.minimal and not _has_low_memory(fleet.stack):
        raise OperatorError(
            f"--minimal: fks:lowMemory of stack {fleet.stack} is false. Leave out --minimal, or "
            f"pulumi config set fks:lowMemory true --stack {fleet.stack}; pulumi up"
        )


def _has_low_memory(stack: str) -> bool:
    # Servers do not have it.
    from fks_infra.config import stack_files

    return stack_files.read(stack, "lowMemory") == [True]


def _act(action: Action, targets: Sequence[Target], states: States) -> int:
    results: list[Result] = []
    try:
        results.extend(stack_action.act(action, targets, states, _line))
    except KeyboardInterrupt:
        _interrupted(targets, results)
        return FAILED
    for one in results:
        _line(f"{one.server}: {one.text}", "" if one.succeeded else "red")
        if one.command:
            _line(f"  next: {one.command}")
    return DONE if all(one.succeeded for one in results) else FAILED


def _interrupted(targets: Sequence[Target], results: Sequence[Result]) -> None:
    running, *rest = [target.host.name for target in targets[len(results) :]]
    text = f"interrupted: {running} goes on with what was begun"
    text += f"; nothing was changed on {', '.join(rest)}" if rest else ""
    _line(text, "red")
    _line("  next: fks status")


def _line(text: str, style: str = "") -> None:
    _console.print(text, style=style, markup=False, soft_wrap=True)
