"""The output of `tailscale ping`, and Docker's start times."""

import pytest

from rehearsal.bench.joining import Joining, Pong, boot_to_ping, started_at

DIRECT = "1732384095.250000 pong from fks-prod-api-12 (100.64.0.3) via 198.51.100.12:41641 in 2ms"
RELAYED = "1732384095.5 pong from fks-prod-api-12 (100.64.0.3) via DERP(headscale) in 31ms"


@pytest.mark.parametrize(
    ("output", "kind", "at"),
    [(DIRECT, "direct", 1732384095.25), (RELAYED, "relayed", 1732384095.5)],
)
def test_a_reply_has_a_time_and_a_path(output: str, kind: str, at: float) -> None:
    pong = Pong.parse(f"{output}\n1732384096.7 direct connection not established\n")
    assert pong is not None
    assert (pong.kind, pong.at) == (kind, at)


@pytest.mark.parametrize(
    "output",
    [
        "",
        "1732384095.2 sh: 2: tailscale: not found",
        "1732384095.2 no matching peer",
        '1732384095.2 ping "100.64.0.3" timed out\n1732384095.2 no reply',
    ],
)
def test_output_without_a_reply_is_none(output: str) -> None:
    assert Pong.parse(output) is None


def test_dockers_nanoseconds_are_read() -> None:
    assert started_at("2024-11-23T17:48:15.250000999Z") == pytest.approx(1732384095.25)


def test_the_row_has_the_number_of_direct_replies() -> None:
    row = boot_to_ping([Joining(12.0, "direct"), Joining(14.0, "relayed")])
    assert row.values == (12.0, 14.0)
    assert "first reply direct: 1 of 2" in row.name
