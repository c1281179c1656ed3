"""What a restore would lose."""

from host.fks_deploy.restore import lost

NOW = {"public.a": [2, "7"], "public.new": [1, "3"], "fks_backup.canary": [1, "1"]}
THEN = {"public.a": [2, "8"], "public.gone": [4, "3"], "fks_backup.canary": [1, "2"]}


def test_tables_that_differ_but_not_the_canary() -> None:
    assert lost.tables(NOW, THEN) == [
        {"table": "public.a", "now": 2, "backup": 2},
        {"table": "public.gone", "now": None, "backup": 4},
        {"table": "public.new", "now": 1, "backup": None},
    ]
    assert lost.differing(NOW, NOW) == []
