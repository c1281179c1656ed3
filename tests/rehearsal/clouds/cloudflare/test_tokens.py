"""API tokens: created, verified, revoked; what Cloudflare answers to one that does not exist."""

from pathlib import Path

import pytest

from tests.rehearsal.clouds.client import cloud_clients

# What Cloudflare answers to a token that does not exist, by path.
REFUSALS = [
    ("/client/v4/user/tokens/verify", 401, 1000, "Invalid API Token"),
    ("/client/v4/zones?name=fkstrading.xyz", 403, 9109, "Invalid access token"),
    ("/client/v4/zones/abc/dns_records", 401, 10000, "Authentication error"),
]


@pytest.mark.parametrize(("path", "status", "code", "message"), REFUSALS)
@pytest.mark.parametrize("header", ["", "Bearer other"])
def test_other_tokens_than_the_rehearsals_are_refused(
    header: str, path: str, status: int, code: int, message: str
) -> None:
    answer = cloud_clients().cloudflare.get(path, headers={"Authorization": header})
    errors = [{"code": code, "message": message}]
    body = {"result": None, "success": False, "errors": errors, "messages": []}
    assert (answer.status_code, answer.json()) == (status, body)


@pytest.mark.parametrize(("path", "status"), [one[:2] for one in REFUSALS])
def test_a_new_token_is_accepted_until_it_is_revoked_also_after_a_restart(
    path: str, status: int, tmp_path: Path
) -> None:
    client = cloud_clients(state=tmp_path / "state.json").cloudflare
    made, other = (client.post("/rehearsal/tokens").json() for _ in range(2))
    headers = {"Authorization": f"Bearer {made['value']}"}
    before = client.get(path, headers=headers).status_code
    assert client.delete(f"/rehearsal/tokens/{made['id']}").status_code == 200
    later = cloud_clients(state=tmp_path / "state.json").cloudflare
    for one in (client, later):
        assert one.get(path, headers=headers).status_code == status
        kept = one.get(path, headers={"Authorization": f"Bearer {other['value']}"})
        assert kept.status_code == before in (200, 404)
    assert made["value"] not in (tmp_path / "state.json").read_text()


def test_a_token_can_be_verified() -> None:
    client = cloud_clients().cloudflare
    made = client.post("/rehearsal/tokens").json()
    headers = {"Authorization": f"Bearer {made['value']}"}
    answer = client.get("/client/v4/user/tokens/verify", headers=headers).json()
    assert answer["result"] == {"id": made["id"], "status": "active"}
    assert answer["messages"][0]["message"] == "This API Token is valid and active"
