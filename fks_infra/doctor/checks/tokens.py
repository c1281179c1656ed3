"""Are the credentials in the environment, and whole?"""

from collections.abc import Iterator

from fks_infra.doctor.case import Case
from fks_infra.doctor.finding import Seen, ok, problem
from fks_infra.problems import missing_tokens

CREDENTIALS = (
    "LINODE_TOKEN",
    "CLOUDFLARE_API_TOKEN",
    "TAILSCALE_API_KEY",
    "TAILSCALE_OAUTH_CLIENT_ID",
    "TAILSCALE_OAUTH_CLIENT_SECRET",
)


def tokens(case: Case) -> Iterator[Seen]:
    """What the program refuses to start without; a line break would come from a copied file."""
    wrong = 0
    for text in missing_tokens(case.environ):
        wrong += 1
        names = [name for name in CREDENTIALS if name in text.partition(" is not ")[0]]
        yield problem(text, " ".join(["export", *(f"{name}=..." for name in names)]))
    for name in CREDENTIALS:
        value = case.environ.get(name, "")
        if value.split() != ([value] if value else []):
            wrong += 1
            yield problem(
                f"{name} (hidden) has a blank or a line break in it",
                f'export {name}="$(printf %s "${name}" | tr -d "[:space:]")"',
            )
    if not wrong:
        yield ok("every provider finds its credentials in the environment")
