"""Linode's routes: tokens, lists, the catalogue."""

import pytest

from tests.rehearsal.clouds.client import cloud_clients, instance


@pytest.mark.parametrize("header", ["", "Bearer real-looking-token", "Basic rehearsal-x"])
def test_other_credentials_than_the_rehearsals_are_rejected(header: str) -> None:
    headers = {"Authorization": header}
    answer = cloud_clients().linode.get("/v4/linode/instances", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"reason": "Invalid Token"}]}


def test_the_catalogue_is_public_but_rejects_a_wrong_token() -> None:
    here = cloud_clients()
    assert here.linode.get("/v4/linode/types", headers={"Authorization": ""}).status_code == 200
    wrong = here.linode.get("/v4/linode/types", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def test_every_answer_to_a_token_has_its_scopes() -> None:
    here = cloud_clients()
    profile = here.linode.get("/v4/profile")
    assert (profile.status_code, profile.json()["username"]) == (200, "rehearsal")
    assert profile.headers["X-OAuth-Scopes"] == "*"
    assert here.linode.get("/v4/linode/instances/1").headers["X-OAuth-Scopes"] == "*"
    public = here.linode.get("/v4/regions", headers={"Authorization": ""})
    assert "X-OAuth-Scopes" not in public.headers


@pytest.mark.parametrize(
    "path", ["linode/types/g9-nope", "regions/x", "images/linode/x", "regions/x/availability"]
)
def test_an_unknown_row_of_the_catalogue_is_not_found(path: str) -> None:
    answer = cloud_clients().linode.get(f"/v4/{path}")
    assert (answer.status_code, answer.json()) == (404, {"errors": [{"reason": "Not found"}]})


def test_a_list_is_filtered_and_cut_into_pages() -> None:
    here = cloud_clients()
    for number in range(30):
        here.linode.post("/v4/linode/instances", json=instance(label=f"web-{number}"))
    query = {"page": 2, "page_size": 25}
    answer = here.linode.get("/v4/linode/instances", params=query).json()
    page = (len(answer["data"]), answer["page"], answer["pages"], answer["results"])
    assert page == (5, 2, 2, 30)
    labels = '{"+or":[{"label":"web-3"},{"label":"web-7"}]}'
    rows = here.linode.get("/v4/linode/instances", headers={"X-Filter": labels}).json()["data"]
    assert [row["label"] for row in rows] == ["web-3", "web-7"]
    wrong = here.linode.get("/v4/linode/types", params={"page_size": "x"})
    assert wrong.status_code == 400


def test_a_filter_that_is_not_modelled_fails_the_run() -> None:
    here = cloud_clients()
    headers = {"X-Filter": '{"label":{"+contains":"web"}}'}
    assert here.linode.get("/v4/linode/types", headers=headers).status_code == 501
    assert len(here.linode.get("/rehearsal/unknown").json()) == 1


def test_a_server_has_sent_nothing() -> None:
    here = cloud_clients()
    number = here.linode.post("/v4/linode/instances", json=instance()).json()["id"]
    answer = here.linode.get(f"/v4/linode/instances/{number}/transfer").json()
    assert answer == {"used": 0, "quota": 1000, "billable": 0}
