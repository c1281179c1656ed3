from collections.abc import Callable
from typing import Any

from fks_infra.config.settings import Pin
from fks_infra.topology.pins import pin_notices
from fks_infra.topology.planning import plan_topology

PIN = {"digest": "3f2a91c0d4e5" + "0" * 52, "since": "2026-11-27T10:00:00Z"}
NOTICE = (
    "api is pinned to release 3f2a91c0d4e5 since 2026-11-27T10:00:00Z: the release of this "
    "checkout is not deployed there. fks rollback api --unpin ends it."
)


def test_a_notice_for_each_pinned_server_of_the_mode() -> None:
    pins = {name: Pin(**PIN) for name in ("api", "single")}
    assert list(pin_notices(pins, ["auth", "api", "web"])) == [NOTICE]


def test_the_preview_shows_it(settings: Callable[..., Any]) -> None:
    assert NOTICE in plan_topology(settings(pin={"api": PIN})).notices
    assert NOTICE not in plan_topology(settings(mode="single", pin={"api": PIN})).notices
