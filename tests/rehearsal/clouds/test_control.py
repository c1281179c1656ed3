"""The control API."""

from tests.rehearsal.clouds.client import cloud_clients


def test_each_host_shows_the_state_of_its_own_cloud() -> None:
    here = cloud_clients()
    assert set(here.linode.get("/rehearsal/state").json()) == {
        *("instances", "firewalls", "events", "buckets", "bucket_keys"),
    }
    assert set(here.cloudflare.get("/rehearsal/state").json()) == {"zones", "records"}
    assert set(here.tailscale.get("/rehearsal/state").json()) == {"keys", "devices"}


def test_the_clock_of_all_clouds_moves_forward_only() -> None:
    here = cloud_clients()
    before = here.clouds.clock.now()
    assert here.linode.post("/rehearsal/clock", json={"seconds": 60}).status_code == 200
    assert (here.clouds.clock.now() - before).total_seconds() >= 60
    assert here.linode.post("/rehearsal/clock", json={"seconds": -1}).status_code == 400
    assert here.linode.post("/rehearsal/clock", json={}).status_code == 400


def test_the_control_api_needs_no_token_and_is_not_in_the_journal() -> None:
    here = cloud_clients()
    answer = here.linode.get("/rehearsal/unknown", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, [])
    assert list(here.clouds.journal.select()) == []
