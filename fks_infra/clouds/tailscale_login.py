"""Tailscale's two kinds of credentials: an API key, or an OAuth client that gets a token."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from fks_infra.clouds.api import Api
from fks_infra.clouds.credentials import CredentialError, read

CONSOLE = "https://login.tailscale.com/admin"
_NEW_CLIENT = (
    f"Make a new OAuth client with the scopes auth_keys, devices:core and policy_file:read at "
    f"{CONSOLE}/settings/oauth and export it"
)
_NEW_KEY = f"Make a new API access token at {CONSOLE}/settings/keys and export it"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """From the variables that Tailscale's provider reads. `tailnet` is "-" for the only one."""

    base_url: str
    tailnet: str
    api_key: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Credentials":
        """CredentialError where an API key and an OAuth client are missing, or one is malformed."""
        found = cls(
            base_url=(environ.get("TAILSCALE_BASE_URL") or "https://api.tailscale.com").rstrip("/"),
            tailnet=environ.get("TAILSCALE_TAILNET", "") or "-",
            api_key=read(environ, "TAILSCALE_API_KEY"),
            client_id=read(environ, "TAILSCALE_OAUTH_CLIENT_ID"),
            client_secret=read(environ, "TAILSCALE_OAUTH_CLIENT_SECRET"),
        )
        if not found.api_key and not (found.client_id and found.client_secret):
            raise CredentialError(
                "no Tailscale credentials are set",
                "Export TAILSCALE_API_KEY, or TAILSCALE_OAUTH_CLIENT_ID and "
                "TAILSCALE_OAUTH_CLIENT_SECRET",
            )
        return found

    @property
    def uses_oauth(self) -> bool:
        """Whether the OAuth client is used; an API key takes precedence, as in the provider."""
        return not self.api_key

    @property
    def variables(self) -> str:
        """The variables in use, as errors name them."""
        if self.uses_oauth:
            return "TAILSCALE_OAUTH_CLIENT_ID and TAILSCALE_OAUTH_CLIENT_SECRET (hidden)"
        return "TAILSCALE_API_KEY (hidden)"


class Login:
    """Gets the Authorization header once."""

    def __init__(self, credentials: Credentials, seconds: float) -> None:
        self._credentials = credentials
        self._header = ""
        self.api = Api(
            name="Tailscale",
            base_url=f"{credentials.base_url}/api/v2",
            authorize=self.authorization,
            variables=credentials.variables,
            remedy=_NEW_CLIENT if credentials.uses_oauth else _NEW_KEY,
            seconds=seconds,
        )

    def authorization(self) -> str:
        """The header; errors as of Api.call where an OAuth client is rejected."""
        if not self._header:
            oauth = self._credentials.uses_oauth
            self._header = self._bearer() if oauth else self._basic()
        return self._header

    def _basic(self) -> str:
        user = f"{self._credentials.api_key}:"
        return "Basic " + base64.b64encode(user.encode()).decode()

    def _bearer(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        encoded = urlencode(form).encode()
        response = self.api.call("POST", "/oauth/token", body=encoded, public=True)
        return f"Bearer {response.document['access_token']}"
