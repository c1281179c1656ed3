import pytest
from rich.console import Console

from fks_infra.operate.screen import screen
from fks_infra.operate.state import State
from tests.fks_infra.operate.reports import DISK, GONE, healthy

STATE = State.of(
    "prod", {"auth": GONE, "api": healthy("api", problems=[DISK]), "web": healthy("web")}
)


def lines(state: State, width: int) -> list[str]:
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(*screen(state, width), sep="\n")
    return [line.rstrip() for line in capture.get().splitlines()]


def test_first_the_verdict_then_each_problem_with_the_next_command() -> None:
    assert lines(STATE, 120)[:6] == [
        "auth: not reached; api: 1 problem",
        "stack prod, 2026-11-27 10:00:00 UTC",
        "auth: SSH to 100.64.0.3: Connection timed out",
        "  next: tailscale status",
        "api: disk / is at 85 %, limit 80 %, since 2026-11-27 09:48:00 UTC",
        "  next: sudo docker system df",
    ]


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (40, [["auth"], ["api"], ["web"]]),
        (60, [["auth"], ["api"], ["web"]]),
        (80, [["auth", "api"], ["web"]]),
        (118, [["auth", "api", "web"]]),
        (300, [["auth", "api", "web"]]),
    ],
)
def test_as_many_cards_side_by_side_as_fit(width: int, titles: list[list[str]]) -> None:
    found = lines(STATE, width)
    assert all(len(line) <= width for line in found)
    words = [
        [word for word in line.split() if "--" not in word] for line in found if " ---" in line
    ]
    assert words == titles


def test_servers_with_the_same_warning_share_it() -> None:
    locked = {"who": "ann", "since": "2026-11-27T09:00:00Z", "reason": "audit"}
    reports = {name: healthy(name, lock=locked) for name in ("api", "web")}
    found = lines(State.of("prod", reports), 80)
    assert found[2] == "api, web: the stack is locked, no deploy is accepted, by ann: audit"
    assert found[3].startswith("  next: fks unlock")
    assert not any("is locked" in line for line in found[4:])


def test_a_card_is_at_most_60_columns_wide() -> None:
    found = lines(State.of("prod", {"web": healthy("web")}), 200)
    assert max(len(line) for line in found) == 60


def test_without_a_report_the_time_is_unknown() -> None:
    assert lines(State.of("prod", {"auth": GONE}), 80)[1] == "stack prod"
