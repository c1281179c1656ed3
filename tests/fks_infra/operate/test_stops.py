from fks_infra.operate.stops import sentences
from tests.fks_infra.operate.stack_hosts import STOP


def test_stacks_with_the_same_stop_share_a_sentence() -> None:
    other = {**STOP, "reason": ""}
    assert list(sentences({"api": STOP, "auth": other, "web": STOP})) == [
        (
            ["api", "web"],
            "api, web are stopped since 2026-11-27T10:00:00Z by ann@laptop (new disk)",
        ),
        (["auth"], "auth is stopped since 2026-11-27T10:00:00Z by ann@laptop"),
    ]
