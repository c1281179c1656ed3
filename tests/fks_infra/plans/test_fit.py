"""Which plans fit what a server has used."""

from dataclasses import replace

import pytest

from fks_infra.config.plans import PLANS
from fks_infra.documents.example import example_settings
from fks_infra.plans.fit import Fit, Verdict, fits
from fks_infra.plans.peaks import Peaks
from fks_infra.plans.price_list import PriceList

PRICES = PriceList(plans=PLANS, source="copy")
SETTINGS = example_settings("multi")


def found(server: str, peaks: Peaks) -> dict[str, Fit]:
    return {one.plan: one for one in fits(SETTINGS, server, PRICES, peaks)}


def test_without_peaks_the_limits_decide() -> None:
    plans = found("api", Peaks())
    assert plans["g6-nanode-1"].verdict is Verdict.NOT
    assert plans["g6-nanode-1"].why[0].startswith("its services may use ")
    present = plans["g6-standard-2"]
    assert (present.verdict, present.present, present.why) == (Verdict.FITS, True, ())
    assert (present.memory_left, present.disk_left) == (None, None)
    assert plans["g6-standard-4"].limits["api-postgres"] > present.limits["api-postgres"]
    assert "g6-dedicated-2" not in plans


def test_the_present_plan_is_listed_whatever_its_class() -> None:
    settings = replace(SETTINGS, plan={**SETTINGS.plan, "api": "g6-dedicated-2"})
    plans = {one.plan: one for one in fits(settings, "api", PRICES, Peaks())}
    assert plans["g6-dedicated-2"].present


@pytest.mark.parametrize(
    ("peaks", "verdict", "why"),
    [
        (Peaks(memory=3000), Verdict.FITS, ""),
        (Peaks(memory=3800), Verdict.TIGHT, "memory: peak 3800 of 4096 MiB"),
        (Peaks(memory=4200), Verdict.NOT, "memory: peak 4200 of 4096 MiB"),
        (Peaks(disk=90000), Verdict.NOT, "disk: peak 90000 of 81920 MiB"),
        (Peaks(cpu=1.9), Verdict.TIGHT, "CPU: peak 1.9 of 2 cores"),
        (Peaks(containers={"api-beat": 150}), Verdict.TIGHT, "api-beat: peak 150 of 160 MiB"),
        (Peaks(containers={"api-beat": 170}), Verdict.NOT, "api-beat: peak 170 of 160 MiB"),
    ],
)
def test_the_worst_peak_decides(peaks: Peaks, verdict: Verdict, why: str) -> None:
    one = found("api", peaks)["g6-standard-2"]
    assert (one.verdict, "; ".join(one.why)) == (verdict, why)


def test_what_a_peak_leaves_and_zram_counts_as_memory() -> None:
    one = found("auth", Peaks(memory=1500, disk=9000))["g6-nanode-1"]
    assert (one.memory_left, one.disk_left, one.verdict) == (548, 16600, Verdict.FITS)
    assert one.document()["verdict"] == "fits"


def test_a_smaller_disk_is_said() -> None:
    settings = replace(SETTINGS, plan={**SETTINGS.plan, "web": "g6-standard-1"})
    one = next(iter(fits(settings, "web", PRICES, Peaks())))
    assert (one.plan, one.verdict) == ("g6-nanode-1", Verdict.FITS)
    assert one.why[0].startswith("disk: 25600 MiB, the present plan's has 51200: refused unless")
