import base64
import json
from pathlib import Path

from host.fks_deploy.known_secrets import values
from host.fks_deploy.paths import Paths


def test_every_file_with_secrets(tmp_path: Path) -> None:
    login = base64.b64encode(b"reader:registry-canary").decode()
    files = {
        "etc/fks/secrets/api/REDIS_PASSWORD": "redis-canary\n",
        "etc/fks/certbot/cloudflare.ini": "dns_cloudflare_api_token = token-canary\n",
        "etc/fks/certbot/account.ini": "eab-kid = id\neab-hmac-key = hmac-canary\n",
        "etc/letsencrypt/archive/api/privkey1.pem": "-----BEGIN\nkey-canary\n-----END\n",
        "etc/fks/alert-webhook": "https://discord.com/api/webhooks/1/canary\n",
        "etc/fks/backup/password": "backup-canary",
        "etc/fks/backup/ssh-key": "-----BEGIN\nssh-canary\n-----END\n",
        "etc/fks/backup/s3": "aws_access_key_id = id\naws_secret_access_key = s3-canary\n",
        "etc/fks/docker/config.json": json.dumps({"auths": {"ghcr.io": {"auth": login}}}),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert sorted(values(Paths(tmp_path))) == sorted(
        [
            *("redis-canary", "token-canary", "hmac-canary", "key-canary"),
            *("https://discord.com/api/webhooks/1/canary",),
            *("backup-canary", "ssh-canary", "s3-canary"),
            *(login, "reader:registry-canary", "registry-canary"),
        ]
    )


def test_a_new_server_has_none(tmp_path: Path) -> None:
    assert list(values(Paths(tmp_path))) == []
