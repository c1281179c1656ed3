"""Refuses a run that may lose data, unless a backup certificate or the operator allows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fks_infra.config.plans import mode_of
from fks_infra.preflight.losses import Loss
from fks_infra.remote.certificates import Certificate, oldest

# Server to its certificates by data set, or why it was not reached.
Found = Mapping[str, Mapping[str, Certificate] | OSError]
# Reads them of these servers.
Reader = Callable[[Sequence[str]], Found]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to warn of, and the paragraphs that refuse the run."""

    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def verdict(
    losses: Sequence[Loss], accepted: Sequence[str], read: Reader, *, is_preview: bool
) -> Verdict:
    """Of a run with these losses; `accepted` are the servers of fks:acceptDataLoss.

    `read` is called where certificates decide. A preview that cannot read them only warns: a
    review has no way to the servers, and the `pulumi up` after it is refused.
    """
    open_questions = [one for one in losses if one.server not in accepted and not one.successor]
    names = list(dict.fromkeys(one.server for one in open_questions))
    certificates = read(names) if names else {}
    warnings, errors = list(_standing(accepted)), list[str]()
    for loss in losses:
        if loss.server in accepted:
            warnings.append(f"{loss} fks:acceptDataLoss allows it.")
        elif loss.successor:
            errors.append(f"{loss} {_migration(loss)}")
        else:
            allowed, text = _judged(loss, certificates[loss.server], is_preview=is_preview)
            (warnings if allowed else errors).append(f"{loss} {text}")
    return Verdict(warnings=tuple(warnings), errors=tuple(errors))


def _standing(accepted: Sequence[str]) -> Iterator[str]:
    if accepted:
        yield (
            f"fks:acceptDataLoss is set: pulumi up may destroy the data of {', '.join(accepted)} "
            f"without a proved backup. Afterwards: pulumi config rm fks:acceptDataLoss"
        )


def _judged(
    loss: Loss, found: Mapping[str, Certificate] | OSError, *, is_preview: bool
) -> tuple[bool, str]:
    """Whether the run may go on, and why."""
    if isinstance(found, OSError):
        text = f"Its newest backup certificate cannot be checked here: {found}."
        if is_preview:
            return True, f"{text} pulumi up is refused where it cannot be checked."
        return False, f"{text} {_remedies(loss, 'Run it where fks status reaches the server')}"
    newest = oldest(found, loss.sets)
    if newest.is_enough:
        return True, f"{loss.server} has a {newest}."
    reason = "; ".join(f"{name}: {found.get(name, Certificate())}" for name in loss.sets)
    return False, (
        f"Its data has no certificate of the last 24 hours ({reason}). "
        f"{_remedies(loss, f'Run fks backup {_argument(loss)} and then the same command')}"
    )


def _argument(loss: Loss) -> str:
    return loss.sets[0] if len(loss.sets) == 1 else "all"


def _migration(loss: Loss) -> str:
    first = (
        f"Run fks migrate {mode_of(loss.server)}-to-{loss.successor}, which moves the data first"
    )
    return f"Nothing moves that data to the new servers. {_remedies(loss, first)}"


def _remedies(loss: Loss, first: str) -> str:
    return (
        f"Nothing was changed. {first}. Or add {loss.server} to fks:acceptDataLoss, which gives "
        f"its data up."
    )
