"""The tables."""

from rich.console import Console
from rich.table import Table

from fks_infra.config.plans import PLANS
from fks_infra.documents.example import example_settings
from fks_infra.plans.costs import costs
from fks_infra.plans.fit import fits
from fks_infra.plans.forecast import Charge
from fks_infra.plans.peaks import Peaks
from fks_infra.plans.price_list import PriceList
from fks_infra.plans.screen import (
    charge_table,
    cost_table,
    fit_reasons,
    fit_table,
    limits_table,
)

PRICES = PriceList(plans=PLANS, source="copy")
CHARGE = Charge(
    label="fks-prod-api",
    plan="g6-standard-2",
    created="2026-11-01T00:00:00Z",
    hours=10,
    hours_at_end=700,
    dollars=0.36,
    dollars_at_end=24.0,
    used=2_500_000_000,
)


def text(table: Table) -> str:
    console = Console(width=140, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return " ".join(capture.get().replace("│", " ").split())


def test_costs_with_what_was_sent() -> None:
    cost = costs(example_settings("multi"), PRICES)["multi"]
    shown = text(cost_table("multi", cost, {CHARGE.label: CHARGE}))
    assert "api g6-standard-2 24 5 4000 2.5" in shown
    assert "web g6-nanode-1 5 2 1000 total 34 9 6000" in shown


def test_charges() -> None:
    assert "fks-prod-api 2026-11-01T00:00:00Z 10 0.36 24" in text(charge_table([CHARGE]))


def test_plans_with_the_present_one() -> None:
    found = fits(example_settings("multi"), "web", PRICES, Peaks(memory=400))
    shown = text(fit_table("web", found))
    assert "g6-nanode-1 * 5 1024 640 624 ? fits" in shown


def test_why_a_plan_does_not_fit() -> None:
    found = fits(example_settings("multi"), "api", PRICES, Peaks())
    first, *_ = fit_reasons(found)
    assert first.startswith("g6-nanode-1: its services may use ")
    assert first.endswith(" are available to them")


def test_a_narrow_terminal_shows_whole_names() -> None:
    found = fits(example_settings("multi"), "api", PRICES, Peaks())
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(fit_table("api", found))
    assert "g6-standard-2 *" in capture.get()


def test_limits() -> None:
    shown = text(limits_table({"api": 100, "old": 7}, {"api": 200}))
    assert "api 100 200 old 7 ?" in shown
