"""The tables of `fks cost` and `fks fit`."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from fks_infra.plans.costs import ModeCost, ServerCost
from fks_infra.plans.fit import Fit, Verdict
from fks_infra.plans.forecast import Charge

_STYLES = {Verdict.FITS: "green", Verdict.TIGHT: "yellow", Verdict.NOT: "red"}
_UNKNOWN = "?"


def cost_table(mode: str, cost: ModeCost, charges: Mapping[str, Charge]) -> Table:
    """A row for each server of a mode, and the totals; `charges` by label."""
    rows = [_cost_row(one, charges.get(one.label)) for one in cost.servers]
    total = ("total", "", _dollars(cost.price), _dollars(cost.backups), _gb(cost.transfer), "")
    head = ("server", "plan", "$ a month", "Linode's backups", "transfer, GB", "sent, GB")
    return _table(mode, head, [*rows, total], right=range(2, 6))


def charge_table(charges: Sequence[Charge]) -> Table:
    """A row for each instance of the month's bill."""
    head = ("instance", "created", "hours", "$ so far", "$ at the end of the month")
    rows = [
        (
            one.label,
            one.created,
            str(one.hours),
            _dollars(one.dollars),
            _dollars(one.dollars_at_end),
        )
        for one in charges
    ]
    return _table("forecast", head, rows, right=range(2, 5))


def fit_table(server: str, found: Sequence[Fit]) -> Table:
    """A row for each plan; `*` is the present one."""
    head = ("plan", "$", "MiB", "limits", "left at peak", "disk left", "verdict")
    rows = [
        (
            f"{one.plan}{' *' if one.present else ''}",
            _dollars(one.price),
            str(one.memory),
            str(sum(one.limits.values()) or "-"),
            _number(one.memory_left),
            _number(one.disk_left),
            one.verdict.value,
        )
        for one in found
    ]
    table = _table(server, head, rows, right=range(1, 6))
    table.columns[0].no_wrap = True
    for row, one in zip(table.rows, found, strict=True):
        row.style = _STYLES[one.verdict]
    return table


def fit_reasons(found: Sequence[Fit]) -> list[str]:
    """A line for each plan that does not simply fit."""
    return [f"{one.plan}: {'; '.join(one.why)}" for one in found if one.why]


def limits_table(before: Mapping[str, int], after: Mapping[str, int]) -> Table:
    """The memory limit of each service, in MiB."""
    names = dict.fromkeys([*before, *after])
    rows = [(name, _number(before.get(name)), _number(after.get(name))) for name in names]
    return _table("memory limits, MiB", ("service", "before", "after"), rows, right=range(1, 3))


def _cost_row(one: ServerCost, charge: Charge | None) -> tuple[str, ...]:
    sent = f"{charge.used / 1e9:.1f}" if charge else ""
    numbers = (_dollars(one.price), _dollars(one.backups), _gb(one.transfer), sent)
    return (one.server, one.plan, *numbers)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], right: range) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for index, name in enumerate(head):
        table.add_column(name, overflow="fold", justify="right" if index in right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _dollars(amount: float | None) -> str:
    return _UNKNOWN if amount is None else f"{amount:.2f}".removesuffix(".00")


def _gb(amount: int | None) -> str:
    return _number(amount)


def _number(value: int | None) -> str:
    return _UNKNOWN if value is None else str(value)
