import pytest

from fks_infra.drift.findings import Deviation
from fks_infra.drift.screen import repair_text, screen
from tests.fks_infra.drift.findings import GONE, PORT, RECORD, SYSCTL, USER, findings


def test_the_whole_report() -> None:
    lines = [line.plain for line in screen(findings(SYSCTL, RECORD, GONE, notes=("x is so",)))]
    assert "\n".join(lines) == (
        "drift: api 1, clouds 1; cannot tell: auth; no drift: web\n"
        "\n"
        "auth\n"
        "  cannot tell: server: SSH to 100.64.0.1: timed out\n"
        "    next: fks x\n"
        "\n"
        "api\n"
        "  sysctl net.a\n"
        "    expected: 1\n"
        "    found:    2\n"
        "    repair:   the bootstrap step 34-kernel runs again\n"
        "\n"
        "clouds\n"
        "  DnsRecord dns-web\n"
        "    expected: 1\n"
        "    found:    2\n"
        "    repair:   pulumi up --refresh, for this resource only\n"
        "note: x is so\n"
        "\n"
        "next: fks repair --stack prod"
    )


def test_without_drift_it_is_one_line() -> None:
    lines = [line.plain for line in screen(findings())]
    assert lines == ["no drift: auth, api, web, clouds"]


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (USER, "it is removed, after a question"),
        (PORT, "by hand: only a person can decide what is right"),
    ],
)
def test_the_repair_in_words(one: Deviation, text: str) -> None:
    assert repair_text(one) == text


@pytest.mark.parametrize("repair", ["scripts", "release", "edge", "containers", "images"])
def test_each_repair_of_the_server_has_words(repair: str) -> None:
    one = Deviation(place="a", kind="b", name="c", expected="d", found="e", repair=repair)
    assert not repair_text(one).startswith("by hand")
