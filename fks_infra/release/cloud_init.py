"""A new server's first instructions, from host/cloud-init.yaml.tmpl."""

import base64
from collections.abc import Mapping
from pathlib import Path
from string import Template

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from fks_infra.topology.servers import ServerSpec

# Linode's limit, on the decoded bytes.
LIMIT = 16384


def user_data(
    settings: Settings, server: ServerSpec, auth_key: str, root: Path = PROJECT_ROOT
) -> str:
    """The rendered template in base64, as Linode's metadata takes it."""
    template = (root / "host" / "cloud-init.yaml.tmpl").read_text(encoding="utf-8")
    join_script = (root / "host" / "join.sh").read_bytes()
    text = render(template, _variables(settings, server, auth_key, join_script))
    size = len(text.encode())
    if size > LIMIT:
        raise OperatorError(
            f"host/cloud-init.yaml.tmpl becomes {size} bytes for {server.name} and Linode takes "
            f"{LIMIT}. Move something from it into host/bootstrap.d."
        )
    return base64.b64encode(text.encode()).decode()


def render(template: str, variables: Mapping[str, str]) -> str:
    """Fill in every ${NAME}; an unknown one is an error, `$$` is a dollar sign."""
    try:
        return Template(template).substitute(variables)
    except KeyError as error:
        raise OperatorError(
            f"host/cloud-init.yaml.tmpl names ${{{error.args[0]}}}, which is not known. "
            f"Known: {', '.join(sorted(variables))}."
        ) from None


def _variables(
    settings: Settings, server: ServerSpec, auth_key: str, join_script: bytes
) -> dict[str, str]:
    script = join_script.replace(b"\r\n", b"\n")
    return {
        "DEPLOY_PUBLIC_KEY": settings.deploy_public_key,
        "AUTH_KEY": auth_key,
        "HOSTNAME_PREFIX": server.host_prefix,
        "LOGIN_SERVER": settings.login_server,
        "TAILSCALE_KEY_FINGERPRINT": settings.tailscale_key_fingerprint,
        "JOIN_SCRIPT": script.decode(),
        "JOIN_SCRIPT_B64": base64.b64encode(script).decode(),
    }
