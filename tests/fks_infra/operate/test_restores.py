"""What is said of a restore."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate import restores
from fks_infra.operate.streaming import Ended
from fks_infra.remote.inventory import DeployedServer

API = DeployedServer(name="api", roles=("api",), instance_id="7", address="100.64.0.2")
WEB = DeployedServer(name="web", roles=("web",), instance_id="8", address="100.64.0.3")


def document(**changes: Any) -> dict[str, Any]:
    """A restore that is prepared."""
    record = {
        "state": "prepared",
        "since": "2026-11-27T10:00:00Z",
        "who": "ann",
        "dump": "fks-1.dump",
        "snapshot": "",
        "age": 27000,
        "rows": 1250,
        "lost": [],
        "warnings": [],
        "aside": 3 << 20,
        "seconds": 12.4,
        "error": "",
        "files": {},
        **changes,
    }
    return {"set": "api", "restore": record, "time": 1}


def test_the_backup_its_age_and_what_is_kept() -> None:
    found = document(warnings=["no restore has proved this dump yet"], error="no answer")
    assert list(restores.description("single", found)) == [
        "api on single: prepared since 2026-11-27T10:00:00Z, by ann",
        "  backup fks-1.dump, 7 h old, 1250 rows",
        "  files: those of now stay: a dump has none, a snapshot has (--snapshot latest)",
        "  warning: no restore has proved this dump yet",
        "  failed: no answer",
        "  the data beside those in service have 3 MiB",
    ]
    kept = list(restores.description("api", document(snapshot="aaaa1111")))
    assert kept[1] == "  backup fks-1.dump of snapshot aaaa1111, 7 h old, 1250 rows"
    assert kept[2] == "  files: those of now stay: the snapshot has none"
    files = {"auth-data": [1, 2], "auth-certs": [3, 4]}
    both = list(restores.description("api", document(snapshot="aaaa1111", files=files)))
    assert both[2] == (
        "  files: auth-data, auth-certs of the snapshot, exchanged with the database"
    )
    nothing = {"set": "api", "restore": None, "time": 1}
    assert list(restores.description("api", nothing)) == ["api on api: no restore is under way"]


def test_what_is_lost_by_table() -> None:
    lost = [
        {"table": "public.trades", "now": 1200, "backup": 1150},
        {"table": "public.users", "now": 12, "backup": 12},
        {"table": "public.added", "now": 4, "backup": None},
        {"table": "public.dropped", "now": None, "backup": 3},
    ]
    assert list(restores.lost(document(lost=lost)))[1:] == [
        "  public.trades: 1200 rows now, 1150 in the backup",
        "  public.users: 12 rows now, 12 in the backup, with other contents",
        "  public.added: 4 rows now, not in the backup",
        "  public.dropped: not there now, 3 rows in the backup",
    ]
    assert "nothing is lost" in "".join(restores.lost(document()))


def test_the_server_of_a_data_set() -> None:
    assert restores.of_role((WEB, API), "api", "") == API
    with pytest.raises(OperatorError, match="server web has no database of api"):
        restores.of_role((WEB,), "api", "web")


def test_the_error_of_the_program_is_without_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Sequence[str]] = []

    def stream(command: Sequence[str], report: Callable[[str], None], seconds: float) -> Ended:
        ran.append(command)
        report(f"up to {seconds:.0f} s")
        return Ended(code=1, error="restore: no space")

    monkeypatch.setattr(restores, "stream", stream)
    host = restores.Host(server=API, key=None, data_set="api", who="ann@laptop")
    lines: list[str] = []
    ended = host.run("prepare", "--dump", "a b", report=lines.append, seconds=9)
    assert (ended, lines) == (Ended(code=1, error="no space"), ["up to 9 s"])
    assert ran == [
        [
            *("sh", "-c"),
            "sudo -n /usr/local/lib/fks/current/bin/restore api prepare --dump 'a b' "
            "--who ann@laptop",
        ]
    ]
