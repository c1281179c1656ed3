from host.fks_deploy.watch.utc import iso


def test_seconds_are_shown_in_utc() -> None:
    assert iso(1_800_000_000.9) == "2027-01-15T08:00:00Z"
