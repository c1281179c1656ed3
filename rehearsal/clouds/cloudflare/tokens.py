"""What Cloudflare answers to an API token that does not exist."""

from rehearsal.clouds.cloudflare.errors import failed
from rehearsal.clouds.tokens import PREFIX, Tokens

# A valid token without access to any of the account's zones begins with this.
OTHER_ZONES = f"{PREFIX}elsewhere-"
VERIFY = "/client/v4/user/tokens/verify"
_OF_ONE_ZONE = "/client/v4/zones/"


def check(tokens: Tokens, token: str, path: str) -> None:
    """CloudError for a token that does not exist, as Cloudflare answers on this path."""
    if tokens.exists(token):
        return
    if path == VERIFY:
        raise failed(401, 1000, "Invalid API Token")
    if path.startswith(_OF_ONE_ZONE):
        raise failed(401, 10000, "Authentication error")
    raise failed(403, 9109, "Invalid access token")
