"""The status page: every part, escaped, and without anything from another place."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from fks_infra.operate import drawings
from fks_infra.operate.page import page
from fks_infra.operate.reports import Reports
from fks_infra.operate.state import State
from tests.fks_infra.operate.reports import DISK, GONE, healthy

NOON = 1_795_773_600.0  # 2026-11-27T10:00:00Z, the time of the reports
PEERS = {"web": ["api.example.org", "auth.example.org"], "api": ["auth.example.org"], "auth": []}
DEPLOY = {
    "time": "2026-11-26T10:00:00Z",
    "who": "<ann>",
    "digest": "3f2a91c0d4e5" + "0" * 52,
    "result": "failed",
    "seconds": 20,
}


def with_day(role: str, **changes: Any) -> dict[str, Any]:
    """A report with usage, an interruption in it, and a deploy."""
    samples = [[NOON - 3600 + 60 * n, 10.0 + n, None, 5.0] for n in range(60) if not 20 < n < 40]
    day = {"samples": samples, "deploys": [DEPLOY], "peers": PEERS[role]}
    return {**healthy(role, **changes), "day": day}


def drawn(svg: str) -> ElementTree.Element:
    """The elements; drawings are well-formed XML."""
    return ElementTree.fromstring(svg)


def classes(element: ElementTree.Element, tag: str) -> list[str]:
    return [one.get("class", "") for one in element.iter(tag)]


def test_the_page_has_the_state_and_needs_nothing_else() -> None:
    reports: Reports = {
        "auth": with_day("auth"),
        "api": with_day("api", problems=[DISK]),
        "web": GONE,
    }
    text = page(State.of("prod", reports))
    assert '<h1 class="bad">api: 1 problem; web: not reached</h1>' in text
    assert f"{DISK['text']}<br><code>{DISK['command']}</code>" in text
    assert f"not reached: {GONE.reason}<br><code>{GONE.command}</code>" in text
    assert text.count("<section>") == 3
    assert "<td>3f2a91c0d4e5</td><td>failed</td><td>&lt;ann&gt;</td>" in text
    assert not re.search(r"<script|<link|<img|@import|url\((?!#)|https?://(?!\w+\.example)", text)


def test_it_is_well_formed() -> None:
    opened: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            if tag not in ("meta", "br"):
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del tag, attrs

    parser = Parser()
    parser.feed(page(State.of("prod", {"auth": with_day("auth"), "api": with_day("api")})))
    parser.close()
    assert opened == ["html"]


def test_a_page_of_servers_that_do_not_answer() -> None:
    text = page(State.of("prod", {"auth": GONE}))
    assert "cannot tell: no server was reached (auth)" in text
    assert "<svg" not in text


def test_callers_are_left_of_those_they_call() -> None:
    reports = {name: with_day(name) for name in ("auth", "api", "web")}
    found = drawn(drawings.topology(reports))
    names = [one.text for one in found.iter("text") if one.get("class") == "name"]
    assert names == ["web", "api", "auth"]
    assert classes(found, "path").count("call") == 3
    assert classes(found, "rect") == ["box"] * 3


def test_a_server_with_problems_and_one_that_is_gone_are_marked() -> None:
    found = drawn(drawings.topology({"api": with_day("api", problems=[DISK])}, ["web"]))
    assert classes(found, "rect") == ["box bad"] * 2
    texts = [one.text for one in found.iter("text")]
    assert texts == ["api", "problems", "web", "not reached"]


def test_usage_has_lines_that_are_interrupted_and_limits() -> None:
    found = drawn(drawings.usage(with_day("api")))
    kinds = classes(found, "path")
    assert (kinds.count("line cpu"), kinds.count("line memory"), kinds.count("line disk")) == (
        2,
        0,
        2,
    )
    assert kinds.count("limit cpu") == 1
    (title,) = [one.text for one in found if one.tag == "title"]
    assert title == "last day: CPU 69 %, memory not measured, disk 5 %"


@pytest.mark.parametrize("samples", [[], [[NOON, 5.0, 1.0, 1.0]]])
def test_a_new_server_has_little_to_draw(samples: list[list[float]]) -> None:
    report = with_day("api")
    report["day"] = {"samples": samples, "deploys": [], "peers": []}
    assert classes(drawn(drawings.usage(report)), "path").count("line cpu") == len(samples)
    assert "0 deploys" in drawings.deploys({"api": report})


def test_deploys_are_dots_with_what_happened() -> None:
    found = drawn(drawings.deploys({"api": with_day("api"), "web": with_day("web")}))
    assert classes(found, "circle") == ["bad", "bad"]
    (text,) = {one.text for circle in found.iter("circle") for one in circle}
    assert text == "2026-11-26T10:00:00Z 3f2a91c0d4e5 failed, by <ann>"
