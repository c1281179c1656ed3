from pathlib import Path

import pytest

from host.fks_deploy import image_versions, images
from host.fks_deploy.shell import Shell


@pytest.mark.parametrize(
    ("env", "versions"),
    [
        (
            "IMAGE_AUTH_POSTGRES=docker.io/library/postgres:17.12-trixie\n"
            "IMAGE_AUTH_SERVER=ghcr.io/goauthentik/server:2026.8.6\n"
            "IMAGE_AUTH_WORKER=ghcr.io/goauthentik/server:2026.8.6\n"
            "IMAGE_EDGE=docker.io/library/nginx:1.30-trixie\n",
            {"AUTH_POSTGRES": "17", "AUTH_SERVER": "2026.8.6"},
        ),
        (
            "IMAGE_AUTH_SERVER=ghcr.io/goauthentik/server:2026.8@sha256:0\n",
            {"AUTH_SERVER": "2026.8"},
        ),
        ("IMAGE_AUTH_SERVER=ghcr.io/goauthentik/server:latest\n", {}),
        ("IMAGE_REFRESH_AUTH_POSTGRES=2026\n", {}),
    ],
)
def test_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: str, versions: dict[str, str]
) -> None:
    details = {"Config": {"Env": ["PATH=/bin", "PG_MAJOR=17"]}}
    monkeypatch.setattr(images, "inspect", lambda *_: details)
    (tmp_path / "release.env").write_text(env)
    assert image_versions.versions(Shell.without_log(), tmp_path) == versions


def test_an_image_that_is_not_local_has_no_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "inspect", lambda *_: None)
    (tmp_path / "release.env").write_text("IMAGE_API_POSTGRES=postgres:17\n")
    assert image_versions.versions(Shell.without_log(), tmp_path) == {}
