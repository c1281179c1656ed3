from pathlib import Path

from host.fks_deploy import alert_webhook


def test_only_root_can_read_the_url(tmp_path: Path) -> None:
    file = tmp_path / "alert-webhook"
    assert alert_webhook.write(file, "https://hooks.example.org/a") == ["alert-webhook"]
    assert file.read_text() == "https://hooks.example.org/a"
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_url_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "alert-webhook"
    assert alert_webhook.write(file, "") == []
    alert_webhook.write(file, "https://hooks.example.org/a")
    assert alert_webhook.write(file, "https://hooks.example.org/a") == []


def test_without_a_url_the_file_is_deleted(tmp_path: Path) -> None:
    file = tmp_path / "alert-webhook"
    alert_webhook.write(file, "https://hooks.example.org/a")
    assert alert_webhook.write(file, "") == ["alert-webhook"]
    assert not file.exists()
