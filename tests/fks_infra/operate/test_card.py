from typing import Any

import pytest
from rich.console import Console

from fks_infra.operate.card import card
from fks_infra.operate.reports import Document
from fks_infra.operate.unreachable import Unreachable
from tests.fks_infra.operate.reports import GONE, container, healthy, usage
from tests.fks_infra.operate.stack_hosts import STOP

UPDATES = {"packages": ["docker.io"], "engine": True, "time": "2026-11-27T06:10:00Z"}


def backup(verdict: str | None, age: int = 32400) -> dict[str, Any]:
    """A newest dump with this verdict, in a repository on the server's disk."""
    proof = {"verdict": verdict} if verdict else None
    one = {"file": "a", "age": age, "bytes": 20480, "proof": proof, "proved": None}
    return {"backup": {"repository": "/a", "off_server": False, "sets": {"api": one}}}


def log(problem: str) -> dict[str, Any]:
    """A write-ahead log with this problem."""
    one = {"earliest": "2026-11-26T02:15:00Z", "latest": "2026-11-27T10:00:00Z", "problem": problem}
    return {"backup": {"off_server": True, "sets": {}, "log": one}}


def lines(name: str, report: Document | Unreachable, width: int = 38) -> list[str]:
    """The card without colour; every line fits."""
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(card(name, report))
    found = [line.rstrip() for line in capture.get().splitlines()]
    assert all(len(line) <= width for line in found)
    return found


def test_the_whole_card_of_a_healthy_server() -> None:
    assert lines("web", healthy("web")) == [
        "web ----------------------------------",
        "release      3f2a91c0d4e5, 3 d ago",
        "health       1 of 1 URLs",
        "certificates web 71 days",
        "CPU          12 %, limit 70 %",
        "load         0.4, limit 8.0",
        "clock        synchronized",
        "reboot       not needed",
        "updates      none",
        "drift        not checked yet",
        "alerts       on, checked 34 s ago",
        "container      state     memory up",
        "edge           healthy   50 %   60 min",
    ]


def test_a_server_with_several_roles_names_them() -> None:
    report = healthy("single", roles=["auth", "api", "web"])
    assert lines("single", report)[0].startswith("single (auth, api, web) ---")


def test_a_server_that_was_not_reached() -> None:
    assert lines("auth", GONE, 60) == [
        "auth -------------------------------------------------------",
        "not reached: SSH to 100.64.0.3: Connection timed out",
        "next: tailscale status",
    ]


WATCH = healthy("web")["watch"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"release": None}, "release      none"),
        (
            {"deploy": {"who": "ops", "since": "2026-11-27T09:57:00Z"}},
            "deploy runs  ops, for 3 min",
        ),
        ({"lock": {"who": "ann", "since": "T", "reason": "r"}}, "locked       since T"),
        ({"maintenance": {"who": "a", "since": "T", "message": "m"}}, "maintenance  since T"),
        ({"health": [{"url": "u", "healthy": False}]}, "health       0 of 1 URLs"),
        ({"health": None}, "health       not read"),
        ({"certificates": None}, "certificates not read"),
        ({"certificates": {}}, "certificates none"),
        ({"usage": [usage("disk /", 85, 80, 90)]}, "disk /       85 %, limit 80 %"),
        ({"backup": {"off_server": True, "sets": {}}}, "backup       none yet"),
        (backup(None), "backup api   9 h old, 20 KiB, unproved"),
        (backup("ok"), "backup api   9 h old, 20 KiB, proved"),
        (backup("bad"), "backup api   9 h old, 20 KiB, BAD"),
        (backup("ok", -3600), "backup api   from the future, 20 KiB"),
        (backup("ok", -30), "backup api   0 s old, 20 KiB, proved"),
        (backup("ok"), "repository   only this server's disk"),
        (log(""), "log          whole since"),
        (log(""), "             2026-11-26T02:15:00Z"),
        (log("it ends 9 min ago"), "log          BROKEN: it ends 9 min ago"),
        (
            {"restores": {"api": {"state": "exchanged", "since": "2026-11-25T09:00:00Z"}}},
            "restore      api: exchanged, 2 d",
        ),
        ({"clock": False}, "clock        not synchronized"),
        ({"reboot": ["libc6"]}, "reboot       pending"),
        ({"updates": None}, "updates      not known yet"),
        ({"updates": UPDATES}, "updates      1 pending, Docker engine"),
        ({"watch": None}, "alerts       not read"),
        ({"watch": {**WATCH, "webhook": False}}, "alerts       no webhook"),
        ({"watch": {**WATCH, "delivery_error": "x"}}, "alerts       not delivered"),
        ({"watch": {**WATCH, "age": None}}, "alerts       on, not checked yet"),
        ({"containers": None}, "containers: not read"),
        ({"containers": [container("api", restarts=3)]}, "restarts     api 3"),
        (
            {"containers": [container("auth-postgres", health="unhealthy")]},
            "auth-postgres  unhealthy 50 %   60 min",
        ),
        (
            {"containers": [container("api", state="exited", memory=None)]},
            "api            exited    -      -",
        ),
    ],
)
def test_a_line_of_the_card(changes: dict[str, Any], line: str) -> None:
    assert line in lines("web", healthy("web", **changes))


def test_a_long_name_of_a_disk_is_not_cut() -> None:
    found = lines("web", healthy("web", usage=[usage("disk /var/lib/docker", 85, 80, 90)]))
    first = found.index("disk         85 %, limit 80 %")
    assert "".join(found[first + 1 : first + 3]) == "/var/lib/docker"


def test_the_clock_of_a_container_has_no_line() -> None:
    assert not any(line.startswith("clock") for line in lines("web", healthy("web", clock=None)))


def test_a_stopped_server_has_no_health_and_no_containers() -> None:
    stop = {**STOP, "since": "2026-11-27T09:00:00Z"}
    found = lines("api", healthy("api", stopped={"api": stop}, health=[], containers=[]), 60)
    assert "stopped      api, for 60 min, by ann@laptop: new disk" in found
    assert not [line for line in found if line.startswith(("health", "container"))]
