"""One cloud's API: which statuses are errors, and of which kind."""

import subprocess
import sys
from pathlib import Path

import pytest

import fks_infra.clouds
from fks_infra.clouds.api import Api
from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.paths import PROJECT_ROOT
from tests.fks_infra.conftest import ScriptedApi, serving


@pytest.fixture
def cloud(api: ScriptedApi) -> Api:
    return Api(
        name="Cloud",
        base_url=f"{api.base}/v1",
        authorize=lambda: "Bearer canary-token",
        variables="CLOUD_TOKEN (hidden)",
        remedy="Make a new one",
    )


def test_a_call_is_authorized_unless_it_is_public(api: ScriptedApi, cloud: Api) -> None:
    api.respond("GET", "/v1/x", (200, {"a": 1}))
    assert cloud.get("/x", headers={"X-Filter": "{}"}) == cloud.get("/x", public=True) == {"a": 1}
    private, public = api.requests
    assert (private.headers["Authorization"], private.headers["X-Filter"]) == (
        "Bearer canary-token",
        "{}",
    )
    assert "Authorization" not in public.headers


@pytest.mark.parametrize("status", [400, 401, 403])
def test_rejected_credentials_are_named_with_the_remedy(
    api: ScriptedApi, cloud: Api, status: int
) -> None:
    api.respond("GET", "/v1/x?y=canary", (status, {"message": "canary"}))
    with pytest.raises(RejectedError) as raised:
        cloud.get("/x?y=canary")
    error = raised.value
    assert error.detail == (
        f"Cloud rejects CLOUD_TOKEN (hidden): GET {api.base}/v1/x answered {status}"
    )
    assert (error.remedy, error.status) == ("Make a new one", status)


def test_another_client_error_is_rejected_without_that_remedy(api: ScriptedApi, cloud: Api) -> None:
    api.respond("GET", "/v1/x", (418, ""))
    with pytest.raises(RejectedError, match="answered 418") as raised:
        cloud.get("/x")
    assert raised.value.remedy == ""


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_temporary_failure_is_unavailable(api: ScriptedApi, cloud: Api, status: int) -> None:
    api.respond("GET", "/v1/x?secret=canary", (status, "later"))
    with pytest.raises(UnavailableError, match=f"answered {status}") as raised:
        cloud.get("/x?secret=canary")
    assert "canary" not in str(raised.value)


def test_a_redirect_is_rejected_with_its_target(api: ScriptedApi, cloud: Api) -> None:
    with serving() as other:
        api.location = f"{other.base.replace('//', '//user:canary@')}/portal?secret=canary"
        api.respond("GET", "/v1/x", (302, ""))
        with pytest.raises(RejectedError) as raised:
            cloud.get("/x")
        assert other.requests == []
    text = str(raised.value)
    assert f"GET {api.base}/v1/x answered 302, a redirect to {other.base}/portal;" in text
    assert "canary" not in text


def test_a_redirect_without_a_target_is_rejected_too(api: ScriptedApi, cloud: Api) -> None:
    api.respond("GET", "/v1/x", (302, ""))
    with pytest.raises(RejectedError, match=f"a redirect to {api.base}/v1/x;"):
        cloud.get("/x")


def test_only_a_404_is_nothing_found(api: ScriptedApi, cloud: Api) -> None:
    assert cloud.find("/nothing") is None
    api.respond("GET", "/v1/x", (403, ""))
    with pytest.raises(RejectedError):
        cloud.find("/x")


def test_only_a_404_is_fine_for_a_deletion(api: ScriptedApi, cloud: Api) -> None:
    cloud.delete("/nothing")
    api.respond("DELETE", "/v1/x", (403, ""))
    with pytest.raises(RejectedError):
        cloud.delete("/x")


def test_the_clients_need_only_the_standard_library() -> None:
    modules = [path.stem for path in Path(fks_infra.clouds.__path__[0]).glob("[a-z]*.py")]
    imports = "; ".join(f"import fks_infra.clouds.{module}" for module in modules)
    command = [sys.executable, "-S", "-c", imports]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
